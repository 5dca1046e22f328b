/**
 * What pages say of problems, in Spanish, by their codes.
 *
 * @module
 */

/** For mistakes of a page, of which its reader can know nothing. */
const NOT_UNDERSTOOD = 'Esta página y el servidor no se entienden. Vuelva a cargar la página.';

/** @type {Record<string, string>} */
export default {
  'problem.malformed_json': NOT_UNDERSTOOD,
  'problem.invalid_request': 'Algo de lo que se envió no tiene la forma debida.',
  'problem.invalid_value': 'Algo de lo que se envió no puede ser.',
  'problem.malformed_position': NOT_UNDERSTOOD,
  'problem.unknown_reference': 'Aquello de lo que trata ya no está.',
  'problem.slug_taken': 'Ese nombre corto ya está en uso.',
  'problem.still_referenced': 'Otra cosa todavía lo necesita.',
  'problem.wrong_state': 'Mientras tanto está en otro estado.',
  'problem.closed': 'Está cerrado.',
  'problem.full': 'No quedan cupos.',
  'problem.quota_reached': 'Ya se alcanzó el máximo permitido.',
  'problem.stale_base': 'Mientras tanto se cambió en otro lugar.',
  'problem.precondition_failed': 'Mientras tanto se cambió en otro lugar.',
  'problem.unauthenticated': 'Su sesión se cerró aquí. Vuelva a entrar.',
  'problem.credential_refused': 'Este código, enlace o contraseña no es válido, o ya no lo es.',
  'problem.forbidden': 'Usted no puede hacer esto.',
  'problem.not_found': 'Ya no está.',
  'problem.method_not_allowed': NOT_UNDERSTOOD,
  'problem.unsupported_media_type': NOT_UNDERSTOOD,
  'problem.too_large': 'Es demasiado grande.',
  'problem.upgrade_required': 'Esta página es demasiado antigua para el servidor. Vuelva a cargarla.',
  'problem.too_many_requests': 'Demasiadas solicitudes a la vez. Vuelva a intentarlo en un momento.',
  'problem.unavailable': 'El servidor no puede responder ahora. Vuelva a intentarlo en un momento.',
  'problem.id_reused': NOT_UNDERSTOOD,
  'problem.dependency': 'Lo que necesita fue rechazado.',
  'problem.unknown_operation': NOT_UNDERSTOOD,
  'problem.removals_not_allowed': 'Quitaría más de la quinta parte de las sesiones publicadas.',
  'problem.faulty_file': 'El archivo tiene errores.',
  'problem.not_registered': 'Es para quienes tienen la inscripción confirmada.',
  'problem.not_invited': 'Es por invitación.',
  'problem.window_not_open': 'Aún es pronto.',
  'problem.window_over': 'El plazo terminó.',
  'problem.clash': 'Hay un cupo en otro lugar a la misma hora.',
  'problem.internal': 'El servidor falló. Vuelva a intentarlo en un momento.',
  'problem.other': 'El servidor no lo aceptó.',
};
