invited = Invitación: { $what }
    .lead = { $reader ->
        [assistant] { $name } ha recibido una invitación: { $what }.
       *[self] Ha recibido una invitación: { $what }.
    }
invitation-reminder = Falta su respuesta: { $what }
    .lead = { $reader ->
        [assistant] La invitación de { $name } sigue sin respuesta: { $what }.
       *[self] Su invitación sigue sin respuesta: { $what }.
    }
invitation-withdrawn = Invitación retirada: { $what }
    .lead = { $reader ->
        [assistant] Se ha retirado la invitación de { $name }: { $what }.
       *[self] Se ha retirado su invitación: { $what }.
    }
place-offered = Invitación: { $event }
    .lead = { $reader ->
        [assistant] { $name } ha recibido una invitación: { $event }. Díganos, por favor, si vendrá.
       *[self] Ha recibido una invitación: { $event }. Díganos, por favor, si vendrá.
    }
place-confirmed = Plaza confirmada: { $event }
    .lead = { $reader ->
        [assistant] La plaza de { $name } está confirmada: { $event }.
       *[self] Su plaza está confirmada: { $event }.
    }
place-waitlisted = En lista de espera: { $event }
    .lead = { $reader ->
        [assistant] { $name } está en la lista de espera: { $event }. Le avisaremos en cuanto haya una plaza.
       *[self] Está en la lista de espera: { $event }. Le avisaremos en cuanto haya una plaza.
    }
place-declined = Inscripción no aceptada: { $event }
    .lead = { $reader ->
        [assistant] La inscripción de { $name } no ha sido aceptada: { $event }.
       *[self] Su inscripción no ha sido aceptada: { $event }.
    }
place-cancelled = Inscripción cancelada: { $event }
    .lead = { $reader ->
        [assistant] La inscripción de { $name } ha sido cancelada: { $event }.
       *[self] Su inscripción ha sido cancelada: { $event }.
    }
place-replaced = Su lugar pasa a otra persona: { $event }
    .lead = { $reader ->
        [assistant] El lugar de { $name } pasa a otra persona: { $event }.
       *[self] Su lugar pasa a otra persona: { $event }.
    }
stand-in = Suplencia: { $what }
    .lead = { $reader ->
        [assistant] Se pide a { $name } que ocupe el lugar de otra persona: { $what }.
       *[self] Se le pide que ocupe el lugar de otra persona: { $what }.
    }
seat-given = Cupo confirmado: { $what }
    .lead = { $reader ->
        [assistant] { $name } tiene un cupo: { $what }.
       *[self] Tiene un cupo: { $what }.
    }
seat-offered = Hay un cupo libre: { $what }
    .lead = { $reader ->
        [assistant] Hay un cupo libre para { $name }: { $what }. Acéptelo a tiempo; si no, pasa a la siguiente persona de la lista.
       *[self] Hay un cupo libre para usted: { $what }. Acéptelo a tiempo; si no, pasa a la siguiente persona de la lista.
    }
seat-lost = Cupo perdido: { $what }
    .lead = { $reader ->
        [assistant] { $name } ya no tiene cupo ni lugar en la lista de espera: { $what }.
       *[self] Ya no tiene cupo ni lugar en la lista de espera: { $what }.
    }
seat-moved = Cambio: { $what }
    .lead = { $reader ->
        [assistant] Ha cambiado la hora o el lugar: { $what }. { $name } conserva su cupo; devuélvalo si el cambio no le conviene.
       *[self] Ha cambiado la hora o el lugar: { $what }. Conserva su cupo; devuélvalo si el cambio no le conviene.
    }
desk-message = Mensaje de la mesa de registro
    .lead = { $reader ->
        [assistant] La mesa de registro tiene un mensaje para { $name }.
       *[self] La mesa de registro tiene un mensaje para usted.
    }

greeting = { $reader ->
    [assistant] Hola:
   *[self] Hola, { $name }:
}
something = una actividad del programa
when = Cuándo
where = Dónde
until = Responder antes de
number = Número en la lista de espera
answer-here = Abra este enlace para responder:
answer = Responder
code = O diga este código en el mostrador o en la aplicación:
register-here = Abra esta página para responder. Entre allí con la dirección a la que llegó este mensaje: recibirá un código por correo. Si no llega, pida uno a los organizadores.
acting = Recibe este mensaje porque actúa en nombre de { $name }.

moment = { $date }, { $time }, hora de { $place }
days = del { $from } al { $to }
date = { $weekday } { $day } de { $month } de { $year }
weekday = { $number ->
    [1] lunes
    [2] martes
    [3] miércoles
    [4] jueves
    [5] viernes
    [6] sábado
   *[7] domingo
}
month = { $number ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}

# What changes of sessions are, by push and in mails.

title-room = Cambio de sala: { $what }
title-time = Cambio de hora: { $what }
title-moved = Cambio de hora y sala: { $what }
title-late = Con retraso: { $what }
title-on-time = Sin retraso: { $what }
title-cancelled = Cancelada: { $what }
title-restored = Finalmente se realiza: { $what }
title-new = Nueva actividad: { $what }
title-transfer = Cambio de traslado: { $what }
title-many = { $count } cambios en su programa
correction = Corrección: { $title }
withdrawn = Retirado: { $title }
    .lead = Los organizadores han retirado este mensaje. Lo que decía ya no es válido.
change-room = { $what } es ahora en { $where }, ya no en { $place }. { $when }.
change-time = { $what } es ahora el { $when }, ya no el { $before }.
change-moved = { $what } es ahora el { $when } en { $where }, ya no el { $before } en { $place }.
change-late = { $what } lleva { $minutes } minutos de retraso.
change-on-time = { $what } ya no tiene retraso: { $when }.
change-cancelled = { $what }, prevista para el { $when }, no se realizará.
change-restored = { $what } se realiza: { $when }, { $where }.
change-new = { $what }: { $when }, { $where }.
change-transfer = { $what } sale ahora el { $when }, ya no el { $before }.
title-reminder = Pronto: { $what }
reminder-where = { $what }: { $when }, { $where }.
reminder-when = { $what }: { $when }.
change-vehicles = { $what }: { $when }.
vehicle-stops = Paradas de { $vehicle }: { $stops }.
vehicle-runs = También circula { $vehicle }.
vehicle-gone = { $vehicle } no circula.
and-more = Y { $count } más.
no-time = una hora por fijar
no-place = un lugar por fijar
both-times = { $when } ({ $own } en { $place })
short-moment = { $date }, { $time }
short-date = { $weekday } { $day } de { $month }
test = Puede recibir avisos
    .lead = Este es el mensaje que ha pedido. Aquí recibirá los cambios que le conciernen.
