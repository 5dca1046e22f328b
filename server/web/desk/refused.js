/** That something cannot be done, in words for the person. */
export class Refused extends Error {}
