/**
 * What pages say of problems, in French, by their codes.
 *
 * @module
 */

/** For mistakes of a page, of which its reader can know nothing. */
const NOT_UNDERSTOOD = 'Cette page et le serveur ne se comprennent pas. Rechargez la page.';

/** @type {Record<string, string>} */
export default {
  'problem.malformed_json': NOT_UNDERSTOOD,
  'problem.invalid_request': 'Quelque chose de ce qui a été envoyé n’a pas la forme voulue.',
  'problem.invalid_value': 'Quelque chose de ce qui a été envoyé n’est pas possible.',
  'problem.malformed_position': NOT_UNDERSTOOD,
  'problem.unknown_reference': 'Ce dont il s’agit n’existe plus.',
  'problem.slug_taken': 'Ce nom court est déjà pris.',
  'problem.still_referenced': 'Autre chose en a encore besoin.',
  'problem.wrong_state': 'C’est entre-temps dans un autre état.',
  'problem.closed': 'C’est fermé.',
  'problem.full': 'Il n’y a plus de place.',
  'problem.quota_reached': 'Le maximum permis est déjà atteint.',
  'problem.stale_base': 'Cela a été modifié ailleurs entre-temps.',
  'problem.precondition_failed': 'Cela a été modifié ailleurs entre-temps.',
  'problem.unauthenticated': 'Vous êtes déconnecté ici. Reconnectez-vous.',
  'problem.credential_refused': 'Ce code, lien ou mot de passe n’est pas valable, ou ne l’est plus.',
  'problem.forbidden': 'Vous ne pouvez pas faire cela.',
  'problem.not_found': 'Cela n’existe plus.',
  'problem.method_not_allowed': NOT_UNDERSTOOD,
  'problem.unsupported_media_type': NOT_UNDERSTOOD,
  'problem.too_large': 'C’est trop volumineux.',
  'problem.upgrade_required': 'Cette page est trop ancienne pour le serveur. Rechargez-la.',
  'problem.too_many_requests': 'Trop de demandes à la fois. Réessayez dans un moment.',
  'problem.unavailable': 'Le serveur ne peut pas répondre pour l’instant. Réessayez dans un moment.',
  'problem.id_reused': NOT_UNDERSTOOD,
  'problem.dependency': 'Ce dont cela dépend a été refusé.',
  'problem.unknown_operation': NOT_UNDERSTOOD,
  'problem.removals_not_allowed': 'Cela supprimerait plus d’un cinquième des séances publiées.',
  'problem.faulty_file': 'Le fichier contient des erreurs.',
  'problem.not_registered': 'C’est pour les personnes dont l’inscription est confirmée.',
  'problem.not_invited': 'C’est sur invitation.',
  'problem.window_not_open': 'Il est trop tôt.',
  'problem.window_over': 'Le délai est passé.',
  'problem.clash': 'Il y a une place ailleurs à la même heure.',
  'problem.internal': 'Le serveur a échoué. Réessayez dans un moment.',
  'problem.other': 'Le serveur ne l’a pas accepté.',
};
