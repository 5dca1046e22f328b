/**
 * What the roles of the signed-in account allow, so that nobody is offered what the server would refuse them.
 *
 * @module
 */

/** Roles with which the page can be used, as the account has them. */
export const ROLES = ['organiser', 'protocol', 'desk_lead'];

export class Rights {
  /** @param {string[]} roles Those that the account has at the event. */
  constructor(roles) {
    /** Whether they change everything. */
    this.organises = roles.includes('organiser');
    /** Whether they see everybody, and decide who is invited. */
    this.seesEverybody = this.organises || roles.includes('protocol');
    /** Whether they look after desks and doors, and after what is odd there. */
    this.leadsDesks = this.organises || roles.includes('desk_lead');
  }
}
