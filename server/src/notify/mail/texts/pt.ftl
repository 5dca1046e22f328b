invited = Convite: { $what }
    .lead = { $reader ->
        [assistant] { $name } recebeu um convite: { $what }.
       *[self] Você recebeu um convite: { $what }.
    }
invitation-reminder = Falta a sua resposta: { $what }
    .lead = { $reader ->
        [assistant] O convite de { $name } ainda não foi respondido: { $what }.
       *[self] O seu convite ainda não foi respondido: { $what }.
    }
invitation-withdrawn = Convite retirado: { $what }
    .lead = { $reader ->
        [assistant] O convite de { $name } foi retirado: { $what }.
       *[self] O seu convite foi retirado: { $what }.
    }
place-offered = Convite: { $event }
    .lead = { $reader ->
        [assistant] { $name } recebeu um convite: { $event }. Diga-nos, por favor, se virá.
       *[self] Você recebeu um convite: { $event }. Diga-nos, por favor, se virá.
    }
place-confirmed = Vaga confirmada: { $event }
    .lead = { $reader ->
        [assistant] A vaga de { $name } está confirmada: { $event }.
       *[self] A sua vaga está confirmada: { $event }.
    }
place-waitlisted = Na lista de espera: { $event }
    .lead = { $reader ->
        [assistant] { $name } está na lista de espera: { $event }. Avisaremos assim que houver uma vaga.
       *[self] Você está na lista de espera: { $event }. Avisaremos assim que houver uma vaga.
    }
place-declined = Inscrição não aceita: { $event }
    .lead = { $reader ->
        [assistant] A inscrição de { $name } não foi aceita: { $event }.
       *[self] A sua inscrição não foi aceita: { $event }.
    }
place-cancelled = Inscrição cancelada: { $event }
    .lead = { $reader ->
        [assistant] A inscrição de { $name } foi cancelada: { $event }.
       *[self] A sua inscrição foi cancelada: { $event }.
    }
place-replaced = O seu lugar passa a outra pessoa: { $event }
    .lead = { $reader ->
        [assistant] O lugar de { $name } passa a outra pessoa: { $event }.
       *[self] O seu lugar passa a outra pessoa: { $event }.
    }
stand-in = Substituição: { $what }
    .lead = { $reader ->
        [assistant] Pede-se a { $name } que ocupe o lugar de outra pessoa: { $what }.
       *[self] Pedimos que você ocupe o lugar de outra pessoa: { $what }.
    }
seat-given = Lugar confirmado: { $what }
    .lead = { $reader ->
        [assistant] { $name } tem um lugar: { $what }.
       *[self] Você tem um lugar: { $what }.
    }
seat-offered = Há um lugar livre: { $what }
    .lead = { $reader ->
        [assistant] Há um lugar livre para { $name }: { $what }. Aceite a tempo; caso contrário, passa à próxima pessoa da lista.
       *[self] Há um lugar livre para você: { $what }. Aceite a tempo; caso contrário, passa à próxima pessoa da lista.
    }
seat-lost = Lugar perdido: { $what }
    .lead = { $reader ->
        [assistant] { $name } não tem mais lugar, nem posição na lista de espera: { $what }.
       *[self] Você não tem mais lugar, nem posição na lista de espera: { $what }.
    }
seat-moved = Mudança: { $what }
    .lead = { $reader ->
        [assistant] Mudou a hora ou o local: { $what }. { $name } mantém o lugar; devolva-o se a mudança não convier.
       *[self] Mudou a hora ou o local: { $what }. Você mantém o lugar; devolva-o se a mudança não convier.
    }
desk-message = Mensagem da mesa de inscrição
    .lead = { $reader ->
        [assistant] A mesa de inscrição tem uma mensagem para { $name }.
       *[self] A mesa de inscrição tem uma mensagem para você.
    }

greeting = { $reader ->
    [assistant] Olá,
   *[self] Olá, { $name },
}
something = uma atividade do programa
when = Quando
where = Onde
until = Responder até
number = Número na lista de espera
answer-here = Abra este link para responder:
answer = Responder
code = Ou diga este código no balcão ou no aplicativo:
register-here = Abra esta página para responder. Entre nela com o endereço em que recebeu esta mensagem: um código chega por e-mail. Se não chegar, peça um aos organizadores.
acting = Você recebe esta mensagem porque age em nome de { $name }.

moment = { $date }, { $time }, hora de { $place }
days = de { $from } a { $to }
date = { $weekday }, { $day } de { $month } de { $year }
weekday = { $number ->
    [1] segunda-feira
    [2] terça-feira
    [3] quarta-feira
    [4] quinta-feira
    [5] sexta-feira
    [6] sábado
   *[7] domingo
}
month = { $number ->
    [1] janeiro
    [2] fevereiro
    [3] março
    [4] abril
    [5] maio
    [6] junho
    [7] julho
    [8] agosto
    [9] setembro
    [10] outubro
    [11] novembro
   *[12] dezembro
}

# What changes of sessions are, by push and in mails.

title-room = Nova sala: { $what }
title-time = Novo horário: { $what }
title-moved = Novo horário e nova sala: { $what }
title-late = Com atraso: { $what }
title-on-time = Sem atraso: { $what }
title-cancelled = Cancelada: { $what }
title-restored = Afinal vai realizar-se: { $what }
title-new = Nova atividade: { $what }
title-transfer = Mudança no transporte: { $what }
title-many = { $count } mudanças no seu programa
correction = Correção: { $title }
withdrawn = Retirado: { $title }
    .lead = Os organizadores retiraram esta mensagem. O que ela dizia já não vale.
change-room = { $what } é agora em { $where }, já não em { $place }. { $when }.
change-time = { $what } é agora: { $when }; antes: { $before }.
change-moved = { $what } é agora: { $when }, { $where }; antes: { $before }, { $place }.
change-late = { $what } está com { $minutes } minutos de atraso.
change-on-time = { $what } já não está com atraso: { $when }.
change-cancelled = { $what }, prevista para { $when }, não vai realizar-se.
change-restored = { $what } vai realizar-se: { $when }, { $where }.
change-new = { $what }: { $when }, { $where }.
change-transfer = { $what } sai agora: { $when }; antes: { $before }.
title-reminder = Em breve: { $what }
reminder-where = { $what }: { $when }, { $where }.
reminder-when = { $what }: { $when }.
change-vehicles = { $what }: { $when }.
vehicle-stops = Paradas de { $vehicle }: { $stops }.
vehicle-runs = { $vehicle } também circula.
vehicle-gone = { $vehicle } não circula.
and-more = E mais { $count }.
no-time = um horário a definir
no-place = um local a definir
both-times = { $when } ({ $own } em { $place })
short-moment = { $date }, { $time }
short-date = { $weekday }, { $day } de { $month }
test = Pode receber avisos
    .lead = Esta é a mensagem que pediu. Aqui receberá as mudanças que lhe dizem respeito.
