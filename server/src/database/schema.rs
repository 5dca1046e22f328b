//! The tables, as diesel sees them; migrations/ makes them.

#![allow(missing_docs)]

diesel::table! {
    deployment (id) {
        id -> BigInt,
        epoch -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    secrets (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_key -> Text,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    event_counters (event_id) {
        event_id -> Text,
        slug -> Text,
        seq -> BigInt,
        nonce -> BigInt,
        created_at -> BigInt,
        rows_version -> BigInt,
    }
}

diesel::table! {
    commits (event_id, seq) {
        event_id -> Text,
        seq -> BigInt,
        nonce -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    records (event_id, collection, id) {
        event_id -> Text,
        collection -> Text,
        id -> Text,
        slug -> Text,
        rev -> BigInt,
        created_rev -> BigInt,
        field_revs -> Text,
        body -> Nullable<Text>,
    }
}

diesel::table! {
    scope_heads (event_id, scope) {
        event_id -> Text,
        scope -> Text,
        seq -> BigInt,
        nonce -> BigInt,
        floor -> BigInt,
        row_count -> BigInt,
        check_sum -> BigInt,
    }
}

diesel::table! {
    scope_rows (event_id, scope, collection, id) {
        event_id -> Text,
        scope -> Text,
        collection -> Text,
        id -> Text,
        rev -> BigInt,
        value -> Nullable<Text>,
    }
}

diesel::table! {
    attendees (event_id, id) {
        event_id -> Text,
        id -> Text,
        name -> Text,
        language -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    attendee_accounts (event_id, attendee_id, account_id) {
        event_id -> Text,
        attendee_id -> Text,
        account_id -> Text,
        relation -> Text,
        active -> Bool,
        seq -> BigInt,
    }
}

diesel::table! {
    roles (event_id, account_id, role) {
        event_id -> Text,
        account_id -> Text,
        role -> Text,
        active -> Bool,
        seq -> BigInt,
    }
}

diesel::table! {
    audience_members (event_id, audience_id, attendee_id) {
        event_id -> Text,
        audience_id -> Text,
        attendee_id -> Text,
    }
}

diesel::table! {
    grants (event_id, gate_id, attendee_id) {
        event_id -> Text,
        gate_id -> Text,
        attendee_id -> Text,
        active -> Bool,
        seq -> BigInt,
    }
}

diesel::table! {
    favourites (event_id, attendee_id, session_id) {
        event_id -> Text,
        attendee_id -> Text,
        session_id -> Text,
    }
}

diesel::table! {
    notes (event_id, attendee_id, id) {
        event_id -> Text,
        attendee_id -> Text,
        id -> Text,
        session_id -> Nullable<Text>,
        text -> Text,
        rev -> BigInt,
        device_id -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    mutation_results (account_id, device_id, mutation_id) {
        account_id -> Text,
        device_id -> Text,
        mutation_id -> Text,
        event_id -> Text,
        content_hash -> Text,
        result -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    audit (event_id, seq, ordinal) {
        event_id -> Text,
        seq -> BigInt,
        ordinal -> BigInt,
        at -> BigInt,
        account_id -> Nullable<Text>,
        device_id -> Nullable<Text>,
        attendee_id -> Nullable<Text>,
        operation -> Text,
        collection -> Text,
        record_id -> Text,
        before -> Nullable<Text>,
        after -> Nullable<Text>,
    }
}

diesel::table! {
    accounts (id) {
        id -> Text,
        email -> Nullable<Text>,
        name -> Text,
        language -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    devices (id) {
        id -> Text,
        account_id -> Text,
        name -> Text,
        kind -> Text,
        created_at -> BigInt,
        last_seen_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    refresh_tokens (token_hash) {
        token_hash -> Text,
        parent_hash -> Nullable<Text>,
        device_id -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    sign_in_codes (id) {
        id -> Text,
        account_id -> Text,
        channel -> Text,
        code_hash -> Text,
        link_hash -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        failed_count -> BigInt,
    }
}

diesel::table! {
    sign_outs (seq) {
        seq -> BigInt,
        device_id -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    registrations (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        category_id -> Text,
        delegation_id -> Nullable<Text>,
        delegation_role -> Text,
        companion_of -> Nullable<Text>,
        status -> Text,
        waitlist_number -> Nullable<BigInt>,
        is_placeholder -> Bool,
        email -> Nullable<Text>,
        external_id -> Nullable<Text>,
        body -> Text,
        rev -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    access_needs (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        body -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    consents (event_id, attendee_id, consent, at) {
        event_id -> Text,
        attendee_id -> Text,
        consent -> Text,
        at -> BigInt,
        version -> BigInt,
        language -> Text,
        is_given -> Bool,
        account_id -> Nullable<Text>,
    }
}

diesel::table! {
    delegation_duties (event_id, delegation_id, account_id, duty) {
        event_id -> Text,
        delegation_id -> Text,
        account_id -> Text,
        duty -> Text,
        active -> Bool,
        seq -> BigInt,
    }
}

diesel::table! {
    duty_phones (event_id, delegation_id, account_id) {
        event_id -> Text,
        delegation_id -> Text,
        account_id -> Text,
        phone -> Text,
    }
}

diesel::table! {
    audience_matches (event_id, audience_id, attendee_id) {
        event_id -> Text,
        audience_id -> Text,
        attendee_id -> Text,
    }
}

diesel::table! {
    gate_rights (event_id, object_id, attendee_id, reason) {
        event_id -> Text,
        object_id -> Text,
        attendee_id -> Text,
        reason -> Text,
    }
}

diesel::table! {
    invitations (event_id, id) {
        event_id -> Text,
        id -> Text,
        collection -> Text,
        object_id -> Text,
        attendee_id -> Text,
        list_id -> Nullable<Text>,
        answer -> Text,
        secret_hash -> Nullable<Text>,
        body -> Text,
        rev -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    invitation_lists (event_id, id) {
        event_id -> Text,
        id -> Text,
        collection -> Text,
        object_id -> Text,
        invitee_collection -> Text,
        invitee_id -> Text,
        is_withdrawn -> Bool,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    stand_ins (event_id, id) {
        event_id -> Text,
        id -> Text,
        attendee_id -> Text,
        stand_in_id -> Text,
        session_id -> Nullable<Text>,
        day -> Nullable<Text>,
        is_ended -> Bool,
        body -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sign_ups (event_id, session_id, attendee_id) {
        event_id -> Text,
        session_id -> Text,
        attendee_id -> Text,
        state -> Text,
        number -> Nullable<BigInt>,
        offered_until -> Nullable<BigInt>,
        is_override -> Bool,
        requested_at -> BigInt,
        rev -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    session_fills (event_id, session_id) {
        event_id -> Text,
        session_id -> Text,
        label -> Text,
        at -> BigInt,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    notices (event_id, id) {
        event_id -> Text,
        id -> Text,
        attendee_id -> Text,
        kind -> Text,
        body -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    mails (id) {
        id -> Text,
        event_id -> Text,
        attendee_id -> Nullable<Text>,
        address -> Text,
        language -> Text,
        kind -> Text,
        body -> Text,
        state -> Text,
        attempt_count -> BigInt,
        next_attempt_at -> BigInt,
        failure -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    erasures (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        at -> BigInt,
        is_applied -> Bool,
    }
}

diesel::table! {
    mail_refusals (event_id, attendee_id, account_id) {
        event_id -> Text,
        attendee_id -> Text,
        account_id -> Text,
    }
}

diesel::table! {
    enrolments (event_id, device_id) {
        event_id -> Text,
        device_id -> Text,
        account_id -> Text,
        name -> Text,
        profile -> Text,
        checkpoints -> Text,
        state -> Text,
        enrolled_by -> Text,
        enrolled_at -> BigInt,
        seq -> BigInt,
        is_lead -> Bool,
    }
}

diesel::table! {
    enrolment_codes (id) {
        id -> Text,
        event_id -> Text,
        code_hash -> Text,
        link_hash -> Text,
        name -> Text,
        profile -> Text,
        checkpoints -> Text,
        created_by -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        is_lead -> Bool,
    }
}

diesel::table! {
    enrolment_terms (event_id, device_id, seq) {
        event_id -> Text,
        device_id -> Text,
        seq -> BigInt,
        since -> BigInt,
        state -> Text,
        checkpoints -> Text,
    }
}

diesel::table! {
    enrolment_reports (event_id, device_id) {
        event_id -> Text,
        device_id -> Text,
        last_seen_at -> BigInt,
        app_version -> Nullable<Text>,
        unsent_scans -> Nullable<BigInt>,
        clock_skew_ms -> Nullable<BigInt>,
        roster_position -> Nullable<Text>,
    }
}

diesel::table! {
    badge_keys (event_id, number) {
        event_id -> Text,
        number -> BigInt,
        device_id -> Nullable<Text>,
        seed -> Nullable<Text>,
        public_key -> Text,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    badges (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        secret -> Text,
        guest -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    badge_carriers (event_id, carrier) {
        event_id -> Text,
        carrier -> BigInt,
        attendee_id -> Text,
        kind -> Text,
        key_number -> BigInt,
        issued_at -> BigInt,
        issued_by -> Nullable<Text>,
        expires_at -> BigInt,
        handed_out_at -> Nullable<BigInt>,
        voided_at -> Nullable<BigInt>,
        void_reason -> Nullable<Text>,
    }
}

diesel::table! {
    ended_carriers (event_id, carrier) {
        event_id -> Text,
        carrier -> BigInt,
        guest -> Text,
        voided_at -> BigInt,
        void_reason -> Text,
    }
}

diesel::table! {
    scans (event_id, fact) {
        event_id -> Text,
        fact -> Text,
        scan_id -> Text,
        area_id -> Text,
        session_id -> Nullable<Text>,
        checkpoint_id -> Text,
        guest -> Nullable<Text>,
        undoes -> Nullable<Text>,
        is_count -> Bool,
        is_implausible -> Bool,
        at -> BigInt,
        received_at -> BigInt,
        device_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        asked -> Nullable<Text>,
        verdict -> Nullable<Text>,
        body -> Text,
        authority -> Text,
    }
}

diesel::table! {
    scan_oddities (event_id, fact) {
        event_id -> Text,
        fact -> Text,
        device_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        received_at -> BigInt,
        raw -> Text,
    }
}

diesel::table! {
    admissions (event_id, id) {
        event_id -> Text,
        id -> Text,
        area_id -> Text,
        session_id -> Nullable<Text>,
        guest -> Text,
        first_at -> BigInt,
        is_inside -> Bool,
        body -> Text,
    }
}

diesel::table! {
    incidents (event_id, id) {
        event_id -> Text,
        id -> Text,
        kind -> Text,
        guest -> Nullable<Text>,
        other_guest -> Nullable<Text>,
        found_at -> BigInt,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<Text>,
        note -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    session_moves (event_id, session_id, room_id) {
        event_id -> Text,
        session_id -> Text,
        room_id -> Text,
        moved_at -> BigInt,
    }
}

diesel::table! {
    handovers (event_id, fact) {
        event_id -> Text,
        fact -> Text,
        handover_id -> Text,
        item -> Nullable<Text>,
        delegation_id -> Nullable<Text>,
        undoes -> Nullable<Text>,
        at -> BigInt,
        received_at -> BigInt,
        device_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        body -> Text,
    }
}

diesel::table! {
    handover_people (event_id, attendee_id, fact) {
        event_id -> Text,
        attendee_id -> Text,
        fact -> Text,
    }
}

diesel::table! {
    door_notes (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        text -> Text,
        written_by -> Nullable<Text>,
        written_at -> BigInt,
    }
}

diesel::table! {
    walk_ins (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        device_id -> Nullable<Text>,
        account_id -> Nullable<Text>,
        carrier -> Nullable<BigInt>,
        may_be -> Text,
        registered_at -> BigInt,
        settled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    photos (event_id, attendee_id) {
        event_id -> Text,
        attendee_id -> Text,
        hash -> Text,
        media_type -> Text,
        content -> Text,
        put_at -> BigInt,
    }
}

diesel::table! {
    part_marks (event_id, part_id) {
        event_id -> Text,
        part_id -> Text,
        place -> BigInt,
    }
}

diesel::table! {
    held_changes (event_id, session_id) {
        event_id -> Text,
        session_id -> Text,
        known -> Nullable<Text>,
        opened_at -> BigInt,
        due_at -> BigInt,
        is_import -> Bool,
        vehicles -> Nullable<Text>,
        is_untold -> Bool,
        untold -> Nullable<Text>,
    }
}

diesel::table! {
    reminder_choices (event_id, attendee_id, kind) {
        event_id -> Text,
        attendee_id -> Text,
        kind -> Text,
        minutes -> Nullable<BigInt>,
    }
}

diesel::table! {
    reminder_progress (event_id) {
        event_id -> Text,
        reached_at -> BigInt,
    }
}

diesel::table! {
    duties (event_id, id) {
        event_id -> Text,
        id -> Text,
        attendee_id -> Text,
        kind -> Text,
        collection -> Text,
        object_id -> Text,
        from_at -> Nullable<BigInt>,
        to_at -> Nullable<BigInt>,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    approval_rules (event_id) {
        event_id -> Text,
        body -> Text,
    }
}

diesel::table! {
    dispatches (event_id, id) {
        event_id -> Text,
        id -> Text,
        kind -> Text,
        state -> Text,
        body -> Text,
        next_at -> Nullable<BigInt>,
        created_at -> BigInt,
        sent_at -> Nullable<BigInt>,
        reach_due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    dispatch_officers (event_id, dispatch_id, account_id) {
        event_id -> Text,
        dispatch_id -> Text,
        account_id -> Text,
        told_at -> Nullable<BigInt>,
        channel -> Nullable<Text>,
        by_hand_at -> Nullable<BigInt>,
        by_hand_by -> Nullable<Text>,
        by_hand_note -> Nullable<Text>,
        notice -> Nullable<Text>,
    }
}

diesel::table! {
    dispatch_people (event_id, dispatch_id, attendee_id) {
        event_id -> Text,
        dispatch_id -> Text,
        attendee_id -> Text,
        notice_id -> Text,
        seq -> BigInt,
        reasons -> Text,
        must_acknowledge -> Bool,
        told_at -> Nullable<BigInt>,
        channel -> Nullable<Text>,
        seen_at -> Nullable<BigInt>,
        acknowledged_at -> Nullable<BigInt>,
        by_hand_at -> Nullable<BigInt>,
        by_hand_by -> Nullable<Text>,
        by_hand_note -> Nullable<Text>,
        own_told_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    push_devices (device_id) {
        device_id -> Text,
        account_id -> Text,
        provider -> Nullable<Text>,
        address -> Nullable<Text>,
        preferences -> Text,
        registered_at -> Nullable<BigInt>,
        failed_at -> Nullable<BigInt>,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    pushes (id) {
        id -> Text,
        event_id -> Text,
        dispatch_id -> Nullable<Text>,
        notice_id -> Nullable<Text>,
        attendee_id -> Nullable<Text>,
        device_id -> Text,
        covers -> Text,
        spread_s -> BigInt,
        is_urgent -> Bool,
        state -> Text,
        attempt_count -> BigInt,
        next_attempt_at -> BigInt,
        expires_at -> BigInt,
        failure -> Nullable<Text>,
        holds_at -> Nullable<BigInt>,
        created_at -> BigInt,
        provider -> Nullable<Text>,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    deployment,
    secrets,
    signing_keys,
    event_counters,
    commits,
    records,
    scope_heads,
    scope_rows,
    attendees,
    attendee_accounts,
    roles,
    audience_members,
    grants,
    favourites,
    notes,
    mutation_results,
    audit,
    accounts,
    devices,
    refresh_tokens,
    sign_in_codes,
    sign_outs,
    registrations,
    access_needs,
    consents,
    delegation_duties,
    duty_phones,
    audience_matches,
    gate_rights,
    invitations,
    invitation_lists,
    stand_ins,
    sign_ups,
    session_fills,
    notices,
    mails,
    erasures,
    mail_refusals,
    badge_keys,
    badges,
    badge_carriers,
    enrolments,
    enrolment_codes,
    enrolment_reports,
    enrolment_terms,
    scans,
    scan_oddities,
    admissions,
    incidents,
    session_moves,
    handovers,
    handover_people,
    door_notes,
    walk_ins,
    photos,
    part_marks,
    held_changes,
    reminder_choices,
    reminder_progress,
    duties,
    approval_rules,
    dispatches,
    dispatch_officers,
    dispatch_people,
    push_devices,
    pushes,
);
