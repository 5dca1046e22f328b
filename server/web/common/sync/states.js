/**
 * What a device keeps of one event, and what servers say of it: the shapes of rows, scopes, edits and answers.
 *
 * @module
 */

/**
 * @typedef {import('./digest.js').Digest} Digest
 * @typedef {import('./overlay.js').Mutation} Mutation
 * @typedef {import('./shown.js').HeldRow} HeldRow
 * @typedef {import('./shown.js').RowChange} RowChange
 * @typedef {import('./time.js').ServerTime} ServerTime
 *
 * @typedef {object} Change One row as it now is, or that it is gone.
 * @property {string} collection
 * @property {string} id
 * @property {number} rev
 * @property {number} [check]
 * @property {any} [value]
 * @property {boolean} [deleted]
 *
 * @typedef {object} ScopeEntry What an exchange or the live stream says of one scope.
 * @property {string} scope
 * @property {string} [from]
 * @property {string} [to]
 * @property {string} [reset]
 * @property {boolean} [gone]
 * @property {Digest} [digest]
 * @property {Change[]} [changes]
 * @property {boolean} [more]
 *
 * @typedef {object} Answer The answer to an exchange; that of the public programme has no `covers`.
 * @property {({id: string} & Result)[]} [results]
 * @property {string} [covers]
 * @property {string} [server_time]
 * @property {number} [next_poll_s]
 * @property {ScopeEntry[]} [scopes]
 * @property {boolean} more
 * @property {boolean} [resend]
 *
 * @typedef {object} Result What became of an edit.
 * @property {'applied' | 'duplicate' | 'rejected' | 'conflict' | 'retry'} status
 * @property {Result} [original]
 * @property {number} [rev] The commit that it was done in.
 * @property {string} [outcome]
 * @property {string} [reason]
 * @property {string} [detail]
 * @property {string} [field]
 * @property {number} [after_s]
 * @property {{collection: string, id: string, rev: number, value?: any}} [server]
 *
 * @typedef {object} Staging Pages of one scope that wait for their last one, or for the answer that has no `more`.
 * @property {string} position
 * @property {boolean} isReset
 * @property {boolean} isFinished
 * @property {Digest} [digest]
 *
 * @typedef {object} ScopeState What a device knows of one scope.
 * @property {string} scope
 * @property {string} [position] The position of the rows held; absent while the first pages arrive.
 * @property {Digest} digest That of the rows held.
 * @property {Staging} [staging]
 * @property {string} [divergedAt]
 * @property {boolean} [asksAnew]
 *
 * @typedef {object} DeviceState What the device keeps whoever is signed in.
 * @property {string} [token] That of the request under way.
 * @property {string} [atLeast] The newest `covers` stored.
 * @property {string | null} [account] Who is signed in; null for nobody.
 * @property {ServerTime} [serverTime]
 * @property {number} [freshAt] When the rows were last known to be the server's, by its clock.
 *
 * @typedef {object} AccountState What the device keeps of one account.
 * @property {string} [acknowledged]
 * @property {number} [notBefore] No edits are sent before; the server asked for patience.
 *
 * @typedef {'waiting' | 'applied' | 'refused' | 'dismissed'} EditState
 *
 * @typedef {object} Edit One edit of one account.
 * @property {number} order
 * @property {string} account
 * @property {string} id
 * @property {string} encoded These bytes are sent, the first time and every time.
 * @property {EditState} state
 * @property {boolean} isShown Whether its overlay is shown.
 * @property {import('./overlay.js').Effect} [effect]
 * @property {number} [settledAt]
 * @property {Result} [result]
 *
 * @typedef {object} Applied What an answer brought.
 * @property {boolean} more
 * @property {boolean} resend
 * @property {string[]} gone
 * @property {string[]} diverged
 * @property {string[]} divergedTwice
 * @property {boolean} isWhole Whether every entry was applied and its digest, where there was one, matched.
 * @property {RowChange[]} changes
 * @property {boolean} haveEditsChanged
 *
 * @typedef {{event: 'changes', data: ScopeEntry} | {event: 'covers', data: {covers: string}} | {event: 'scopes' | 'exchange', data: any}} LiveEvent
 * @typedef {{hasChanged: boolean, needsExchange: boolean, changes: RowChange[]}} LiveOutcome
 */

export {};
