/**
 * What the line of status says, in each language.
 *
 * @module
 */

/** By language. */
export const STATUS_WORDS = {
  en: {
    connecting: 'Connecting',
    online: 'Connected',
    live: 'Connected, live',
    offline: 'Offline',
    signedOut: 'Signed out here: sign in again',
    upToDate: 'Up to date',
    asOf: 'As of {time}',
    nothingYet: 'Nothing loaded yet',
    'toSend.one': '1 change not sent yet',
    'toSend.other': '{count} changes not sent yet',
    'refused.one': '1 change refused',
    'refused.other': '{count} changes refused',
    storageFull: 'This browser has no room left: changes are not kept',
  },
  es: {
    connecting: 'Conectando',
    online: 'Conectado',
    live: 'Conectado, en vivo',
    offline: 'Sin conexión',
    signedOut: 'Sesión cerrada aquí: vuelva a entrar',
    upToDate: 'Al día',
    asOf: 'Datos de las {time}',
    nothingYet: 'Aún no hay datos',
    'toSend.one': '1 cambio sin enviar',
    'toSend.other': '{count} cambios sin enviar',
    'refused.one': '1 cambio rechazado',
    'refused.other': '{count} cambios rechazados',
    storageFull: 'Este navegador no tiene más espacio: los cambios no se guardan',
  },
  pt: {
    connecting: 'Conectando',
    online: 'Conectado',
    live: 'Conectado, ao vivo',
    offline: 'Sem conexão',
    signedOut: 'Sessão encerrada aqui: entre de novo',
    upToDate: 'Em dia',
    asOf: 'Dados de {time}',
    nothingYet: 'Ainda não há dados',
    'toSend.one': '1 mudança por enviar',
    'toSend.other': '{count} mudanças por enviar',
    'refused.one': '1 mudança recusada',
    'refused.other': '{count} mudanças recusadas',
    storageFull: 'Este navegador não tem mais espaço: as mudanças não são guardadas',
  },
  fr: {
    connecting: 'Connexion',
    online: 'Connecté',
    live: 'Connecté, en direct',
    offline: 'Hors connexion',
    signedOut: 'Déconnecté ici : reconnectez-vous',
    upToDate: 'À jour',
    asOf: 'Données de {time}',
    nothingYet: 'Rien n’est encore chargé',
    'toSend.one': '1 modification à envoyer',
    'toSend.other': '{count} modifications à envoyer',
    'refused.one': '1 modification refusée',
    'refused.other': '{count} modifications refusées',
    storageFull: 'Ce navigateur n’a plus de place : les modifications ne sont pas gardées',
  },
};
