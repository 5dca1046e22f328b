/**
 * What several pages say, in each language that mails are written in.
 *
 * @module
 */

/** @type {Record<string, Record<string, string>>} */
const COMMON = {
  en: {
    code: 'Code',
    codeHint: 'Capitals and hyphens do not matter.',
    email: 'E-mail address',
    emailWrong: 'Enter an address such as name@example.org.',
    unreachable: 'There is no connection to the server. Check your network, then try again.',
    tooMany: 'Too many attempts. Try again in {time}.',
    failed: 'The server cannot answer now. Try again in a moment.',
  },
  es: {
    code: 'Código',
    codeHint: 'Las mayúsculas y los guiones no importan.',
    email: 'Correo electrónico',
    emailWrong: 'Escriba un correo como nombre@example.org.',
    unreachable: 'No hay conexión con el servidor. Revise la red y vuelva a intentarlo.',
    tooMany: 'Demasiados intentos. Vuelva a intentarlo en {time}.',
    failed: 'El servidor no puede responder ahora. Vuelva a intentarlo en un momento.',
  },
  pt: {
    code: 'Código',
    codeHint: 'Maiúsculas e hifens não importam.',
    email: 'E-mail',
    emailWrong: 'Digite um e-mail como nome@example.org.',
    unreachable: 'Não há conexão com o servidor. Verifique a rede e tente de novo.',
    tooMany: 'Tentativas demais. Tente de novo em {time}.',
    failed: 'O servidor não pode responder agora. Tente de novo em instantes.',
  },
  fr: {
    code: 'Code',
    codeHint: 'Les majuscules et les traits d’union sont sans importance.',
    email: 'Adresse e-mail',
    emailWrong: 'Saisissez une adresse comme nom@example.org.',
    unreachable: 'Pas de connexion au serveur. Vérifiez le réseau, puis réessayez.',
    tooMany: 'Trop de tentatives. Réessayez dans {time}.',
    failed: 'Le serveur ne peut pas répondre pour l’instant. Réessayez dans un moment.',
  },
};

/**
 * @param {Record<string, Record<string, string>>} words A page's own texts by language.
 * @returns {Record<string, Record<string, string>>} The same with those of all pages.
 */
export function withCommon(words) {
  return Object.fromEntries(Object.entries(words).map(([language, own]) => [language, { ...COMMON[language], ...own }]));
}
