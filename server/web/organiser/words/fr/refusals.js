/** What the page says in French of refusals in other words than all pages. */
export default {
  problemAt: '{problem} ({field})',
  'problem.quota_reached': 'La délégation n’a plus de place.',
  'problem.stale_base': 'Quelqu’un l’a changé entre-temps. Regardez de nouveau, puis décidez.',
  'problem.precondition_failed': 'Quelqu’un l’a changé entre-temps. Regardez de nouveau, puis décidez.',
  'problem.invalid_value': 'Cela ne peut pas être ainsi.',
};
