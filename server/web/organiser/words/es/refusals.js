/** What the page says in Spanish of refusals in other words than all pages. */
export default {
  problemAt: '{problem} ({field})',
  'problem.quota_reached': 'A la delegación no le queda lugar.',
  'problem.stale_base': 'Alguien lo cambió entretanto. Mírelo de nuevo y decida.',
  'problem.precondition_failed': 'Alguien lo cambió entretanto. Mírelo de nuevo y decida.',
  'problem.invalid_value': 'Esto no puede ser así.',
};
