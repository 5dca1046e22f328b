/** What the page says in English of refusals in other words than all pages. */
export default {
  problemAt: '{problem} ({field})',
  'problem.quota_reached': 'The delegation has no place left.',
  'problem.stale_base': 'Somebody has changed this meanwhile. Look at it again, then decide.',
  'problem.precondition_failed': 'Somebody has changed this meanwhile. Look at it again, then decide.',
  'problem.invalid_value': 'This cannot be so.',
};
