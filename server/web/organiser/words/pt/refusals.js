/** What the page says in Portuguese of refusals in other words than all pages. */
export default {
  problemAt: '{problem} ({field})',
  'problem.quota_reached': 'A delegação não tem mais lugar.',
  'problem.stale_base': 'Alguém mudou isto nesse meio-tempo. Veja de novo e decida.',
  'problem.precondition_failed': 'Alguém mudou isto nesse meio-tempo. Veja de novo e decida.',
  'problem.invalid_value': 'Isto não pode ser assim.',
};
