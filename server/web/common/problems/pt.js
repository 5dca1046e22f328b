/**
 * What pages say of problems, in Portuguese, by their codes.
 *
 * @module
 */

/** For mistakes of a page, of which its reader can know nothing. */
const NOT_UNDERSTOOD = 'Esta página e o servidor não se entendem. Carregue a página de novo.';

/** @type {Record<string, string>} */
export default {
  'problem.malformed_json': NOT_UNDERSTOOD,
  'problem.invalid_request': 'Algo do que foi enviado não tem a forma devida.',
  'problem.invalid_value': 'Algo do que foi enviado não pode ser.',
  'problem.malformed_position': NOT_UNDERSTOOD,
  'problem.unknown_reference': 'Aquilo de que trata não existe mais.',
  'problem.slug_taken': 'Esse nome curto já está em uso.',
  'problem.still_referenced': 'Outra coisa ainda precisa dele.',
  'problem.wrong_state': 'Enquanto isso está em outra situação.',
  'problem.closed': 'Está fechado.',
  'problem.full': 'Não há mais vagas.',
  'problem.quota_reached': 'Já se atingiu o máximo permitido.',
  'problem.stale_base': 'Enquanto isso foi mudado em outro lugar.',
  'problem.precondition_failed': 'Enquanto isso foi mudado em outro lugar.',
  'problem.unauthenticated': 'Sua sessão foi encerrada aqui. Entre de novo.',
  'problem.credential_refused': 'Este código, link ou senha não é válido, ou não é mais.',
  'problem.forbidden': 'Você não pode fazer isto.',
  'problem.not_found': 'Não existe mais.',
  'problem.method_not_allowed': NOT_UNDERSTOOD,
  'problem.unsupported_media_type': NOT_UNDERSTOOD,
  'problem.too_large': 'É grande demais.',
  'problem.upgrade_required': 'Esta página é antiga demais para o servidor. Carregue-a de novo.',
  'problem.too_many_requests': 'Solicitações demais de uma vez. Tente de novo em instantes.',
  'problem.unavailable': 'O servidor não pode responder agora. Tente de novo em instantes.',
  'problem.id_reused': NOT_UNDERSTOOD,
  'problem.dependency': 'O que isto precisa foi recusado.',
  'problem.unknown_operation': NOT_UNDERSTOOD,
  'problem.removals_not_allowed': 'Removeria mais de um quinto das sessões publicadas.',
  'problem.faulty_file': 'O arquivo tem erros.',
  'problem.not_registered': 'É para quem tem a inscrição confirmada.',
  'problem.not_invited': 'É por convite.',
  'problem.window_not_open': 'Ainda é cedo.',
  'problem.window_over': 'O prazo terminou.',
  'problem.clash': 'Há uma vaga em outro lugar no mesmo horário.',
  'problem.internal': 'O servidor falhou. Tente de novo em instantes.',
  'problem.other': 'O servidor não aceitou.',
};
