invited = Invitation : { $what }
    .lead = { $reader ->
        [assistant] { $name } reçoit une invitation : { $what }.
       *[self] Vous recevez une invitation : { $what }.
    }
invitation-reminder = Votre réponse est attendue : { $what }
    .lead = { $reader ->
        [assistant] L'invitation de { $name } est encore sans réponse : { $what }.
       *[self] Votre invitation est encore sans réponse : { $what }.
    }
invitation-withdrawn = Invitation retirée : { $what }
    .lead = { $reader ->
        [assistant] L'invitation de { $name } a été retirée : { $what }.
       *[self] Votre invitation a été retirée : { $what }.
    }
place-offered = Invitation : { $event }
    .lead = { $reader ->
        [assistant] { $name } est invité à participer : { $event }. Merci de nous dire s'il ou elle viendra.
       *[self] Vous êtes invité à participer : { $event }. Merci de nous dire si vous viendrez.
    }
place-confirmed = Place confirmée : { $event }
    .lead = { $reader ->
        [assistant] La place de { $name } est confirmée : { $event }.
       *[self] Votre place est confirmée : { $event }.
    }
place-waitlisted = Sur la liste d'attente : { $event }
    .lead = { $reader ->
        [assistant] { $name } est sur la liste d'attente : { $event }. Nous vous écrirons dès qu'une place se libère.
       *[self] Vous êtes sur la liste d'attente : { $event }. Nous vous écrirons dès qu'une place se libère.
    }
place-declined = Inscription refusée : { $event }
    .lead = { $reader ->
        [assistant] L'inscription de { $name } a été refusée : { $event }.
       *[self] Votre inscription a été refusée : { $event }.
    }
place-cancelled = Inscription annulée : { $event }
    .lead = { $reader ->
        [assistant] L'inscription de { $name } a été annulée : { $event }.
       *[self] Votre inscription a été annulée : { $event }.
    }
place-replaced = Votre place revient à une autre personne : { $event }
    .lead = { $reader ->
        [assistant] La place de { $name } revient à une autre personne : { $event }.
       *[self] Votre place revient à une autre personne : { $event }.
    }
stand-in = Suppléance : { $what }
    .lead = { $reader ->
        [assistant] Il est demandé à { $name } de prendre la place d'une autre personne : { $what }.
       *[self] Il vous est demandé de prendre la place d'une autre personne : { $what }.
    }
seat-given = Place réservée : { $what }
    .lead = { $reader ->
        [assistant] { $name } a une place : { $what }.
       *[self] Vous avez une place : { $what }.
    }
seat-offered = Une place est libre : { $what }
    .lead = { $reader ->
        [assistant] Une place est libre pour { $name } : { $what }. Acceptez-la à temps, sinon elle revient à la personne suivante de la liste.
       *[self] Une place est libre pour vous : { $what }. Acceptez-la à temps, sinon elle revient à la personne suivante de la liste.
    }
seat-lost = Place perdue : { $what }
    .lead = { $reader ->
        [assistant] { $name } n'a plus de place, ni de rang sur la liste d'attente : { $what }.
       *[self] Vous n'avez plus de place, ni de rang sur la liste d'attente : { $what }.
    }
seat-moved = Changement : { $what }
    .lead = { $reader ->
        [assistant] L'heure ou le lieu a changé : { $what }. { $name } garde sa place ; rendez-la si le changement ne convient pas.
       *[self] L'heure ou le lieu a changé : { $what }. Vous gardez votre place ; rendez-la si le changement ne convient pas.
    }
desk-message = Message du bureau d’accueil
    .lead = { $reader ->
        [assistant] Le bureau d’accueil a un message pour { $name }.
       *[self] Le bureau d’accueil a un message pour vous.
    }

greeting = { $reader ->
    [assistant] Bonjour,
   *[self] Bonjour { $name },
}
something = une activité du programme
when = Quand
where = Où
until = Réponse attendue avant
number = Rang sur la liste d'attente
answer-here = Ouvrez ce lien pour répondre :
answer = Répondre
code = Ou donnez ce code à l'accueil ou dans l'application :
register-here = Ouvrez cette page pour répondre. Connectez-vous avec l'adresse qui a reçu ce message : un code arrive par courriel. S'il n'arrive pas, demandez-en un aux organisateurs.
acting = Vous recevez ce message parce que vous agissez au nom de { $name }.

moment = { $date }, { $time }, heure de { $place }
days = du { $from } au { $to }
date = { $weekday } { $day } { $month } { $year }
weekday = { $number ->
    [1] lundi
    [2] mardi
    [3] mercredi
    [4] jeudi
    [5] vendredi
    [6] samedi
   *[7] dimanche
}
month = { $number ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
}

# What changes of sessions are, by push and in mails.

title-room = Nouvelle salle : { $what }
title-time = Nouvel horaire : { $what }
title-moved = Nouvel horaire et nouvelle salle : { $what }
title-late = En retard : { $what }
title-on-time = Finalement à l’heure : { $what }
title-cancelled = Annulée : { $what }
title-restored = Aura finalement lieu : { $what }
title-new = Nouvelle activité : { $what }
title-transfer = Transfert modifié : { $what }
title-many = { $count } changements dans votre programme
correction = Rectificatif : { $title }
withdrawn = Retiré : { $title }
    .lead = Les organisateurs ont retiré ce message. Ce qu’il disait n’est plus valable.
change-room = { $what } se tient désormais ici : { $where }, et non plus ici : { $place }. { $when }.
change-time = { $what } se tient désormais { $when }, et non plus { $before }.
change-moved = { $what } se tient désormais { $when } ({ $where }), et non plus { $before } ({ $place }).
change-late = { $what } a { $minutes } minutes de retard.
change-on-time = { $what } n’a plus de retard : { $when }.
change-cancelled = { $what }, prévue { $when }, n’aura pas lieu.
change-restored = { $what } aura lieu : { $when }, { $where }.
change-new = { $what } : { $when }, { $where }.
change-transfer = { $what } part désormais { $when }, et non plus { $before }.
title-reminder = Bientôt : { $what }
reminder-where = { $what } : { $when }, { $where }.
reminder-when = { $what } : { $when }.
change-vehicles = { $what } : { $when }.
vehicle-stops = Arrêts de { $vehicle } : { $stops }.
vehicle-runs = { $vehicle } circule aussi.
vehicle-gone = { $vehicle } ne circule pas.
and-more = Et { $count } de plus.
no-time = un horaire à fixer
no-place = un lieu à fixer
both-times = { $when } ({ $own } à { $place })
short-moment = { $date }, { $time }
short-date = { $weekday } { $day } { $month }
test = Vous pouvez être joint
    .lead = Voici le message que vous avez demandé. Les changements qui vous concernent vous seront annoncés ici.
