# Mails that follow notices. Every language has the same messages with the same variables (a test
# says so). $reader is `self` for the attendee and `assistant` for somebody who acts for them.

invited = Invitation: { $what }
    .lead = { $reader ->
        [assistant] { $name } is invited to { $what }.
       *[self] You are invited to { $what }.
    }
invitation-reminder = Please answer: { $what }
    .lead = { $reader ->
        [assistant] The invitation of { $name } to { $what } has not been answered yet.
       *[self] You have not answered the invitation to { $what } yet.
    }
invitation-withdrawn = Invitation withdrawn: { $what }
    .lead = { $reader ->
        [assistant] The invitation of { $name } to { $what } has been withdrawn.
       *[self] Your invitation to { $what } has been withdrawn.
    }
place-offered = You are invited: { $event }
    .lead = { $reader ->
        [assistant] { $name } is invited to { $event }. Please say whether they come.
       *[self] You are invited to { $event }. Please say whether you come.
    }
place-confirmed = Place confirmed: { $event }
    .lead = { $reader ->
        [assistant] The place of { $name } at { $event } is confirmed.
       *[self] Your place at { $event } is confirmed.
    }
place-waitlisted = On the waitlist: { $event }
    .lead = { $reader ->
        [assistant] { $name } is on the waitlist of { $event }. You will hear from us as soon as there is a place.
       *[self] You are on the waitlist of { $event }. You will hear from us as soon as there is a place.
    }
place-declined = Registration declined: { $event }
    .lead = { $reader ->
        [assistant] The registration of { $name } for { $event } has been declined.
       *[self] Your registration for { $event } has been declined.
    }
place-cancelled = Registration cancelled: { $event }
    .lead = { $reader ->
        [assistant] The registration of { $name } for { $event } has been cancelled.
       *[self] Your registration for { $event } has been cancelled.
    }
place-replaced = Your place goes to somebody else: { $event }
    .lead = { $reader ->
        [assistant] The place of { $name } at { $event } goes to somebody else.
       *[self] Your place at { $event } goes to somebody else.
    }
stand-in = Sitting in: { $what }
    .lead = { $reader ->
        [assistant] { $name } is asked to sit in for somebody: { $what }.
       *[self] You are asked to sit in for somebody: { $what }.
    }
seat-given = Seat confirmed: { $what }
    .lead = { $reader ->
        [assistant] { $name } has a seat: { $what }.
       *[self] You have a seat: { $what }.
    }
seat-offered = A seat is free: { $what }
    .lead = { $reader ->
        [assistant] A seat is free for { $name }: { $what }. Please accept it in time, or it goes to the next in the waitlist.
       *[self] A seat is free for you: { $what }. Please accept it in time, or it goes to the next in the waitlist.
    }
seat-lost = Seat gone: { $what }
    .lead = { $reader ->
        [assistant] { $name } no longer has a seat, or a place in the waitlist: { $what }.
       *[self] You no longer have a seat, or a place in the waitlist: { $what }.
    }
seat-moved = Moved: { $what }
    .lead = { $reader ->
        [assistant] { $what } has moved. { $name } keeps the seat; please give it back if the new time or place does not suit.
       *[self] { $what } has moved. You keep your seat; please give it back if the new time or place does not suit.
    }
desk-message = Message from the registration desk
    .lead = { $reader ->
        [assistant] The registration desk has a message for { $name }.
       *[self] The registration desk has a message for you.
    }

greeting = { $reader ->
    [assistant] Hello,
   *[self] Hello { $name },
}
something = an entry of the programme
when = When
where = Where
until = Answer by
number = Number in the waitlist
answer-here = Open this link to answer:
answer = Answer
code = Or say this code at the desk or in the app:
register-here = Open this page to answer. Sign in there with the address to which this mail came: a code comes by mail. If none comes, ask the organisers for one.
acting = You receive this mail because you act for { $name }.

moment = { $date }, { $time }, { $place } time
days = { $from } to { $to }
date = { $weekday } { $day } { $month } { $year }
weekday = { $number ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
month = { $number ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}

# What changes of sessions are, by push and in mails.

title-room = New room: { $what }
title-time = New time: { $what }
title-moved = New time and room: { $what }
title-late = Late: { $what }
title-on-time = On time after all: { $what }
title-cancelled = Cancelled: { $what }
title-restored = Takes place after all: { $what }
title-new = New: { $what }
title-transfer = Transfer changed: { $what }
title-many = { $count } changes in your programme
correction = Correction: { $title }
withdrawn = Withdrawn: { $title }
    .lead = The organisers have withdrawn this message. What it said does not hold any more.
change-room = { $what } is now in { $where }, no longer in { $place }. { $when }.
change-time = { $what } is now on { $when }, no longer on { $before }.
change-moved = { $what } is now on { $when } in { $where }, no longer on { $before } in { $place }.
change-late = { $what } is { $minutes } minutes late.
change-on-time = { $what } is not late any more: { $when }.
change-cancelled = { $what } on { $when } will not take place.
change-restored = { $what } takes place: { $when }, { $where }.
change-new = { $what }: { $when }, { $where }.
change-transfer = { $what } now leaves on { $when }, no longer on { $before }.
title-reminder = Soon: { $what }
reminder-where = { $what }: { $when }, { $where }.
reminder-when = { $what }: { $when }.
change-vehicles = { $what }: { $when }.
vehicle-stops = { $vehicle } stops: { $stops }.
vehicle-runs = { $vehicle } runs as well.
vehicle-gone = { $vehicle } does not run.
and-more = And { $count } more.
no-time = a time that is not set yet
no-place = a place that is not set yet
both-times = { $when } ({ $own } in { $place })
short-moment = { $date }, { $time }
short-date = { $weekday } { $day } { $month }
test = You can be reached
    .lead = This is the message that you asked for. You will be told here of changes that concern you.
