/**
 * What the board says, in each language that it may speak.
 *
 * @module
 */

import { STATUS_WORDS } from '../common/status-words.js';

const OWN = {
  en: {
    board: 'Board',
    now: 'Now',
    next: 'Next',
    free: 'Nothing now',
    nothingMore: 'Today’s programme is over.',
    before: 'The programme begins on {day}.',
    moved: 'Moved',
    cancelled: 'Cancelled',
    late: '{time} late',
    was: 'was {before}',
    until: 'until {time}',
    inTime: 'in {time}',
    byInvitation: 'By invitation',
    loading: 'The programme is being loaded.',
    noEvent: 'There is no event here yet.',
    emptyOffline: 'There is no connection, and nothing is kept on this screen yet.',
    storageRefused: 'This browser keeps nothing for this page. Allow it to store data.',
  },
  es: {
    board: 'Tablero',
    now: 'Ahora',
    next: 'A continuación',
    free: 'Nada ahora',
    nothingMore: 'El programa de hoy ha terminado.',
    before: 'El programa comienza el {day}.',
    moved: 'Cambio',
    cancelled: 'Cancelado',
    late: '{time} de retraso',
    was: 'antes {before}',
    until: 'hasta las {time}',
    inTime: 'en {time}',
    byInvitation: 'Por invitación',
    loading: 'Se está cargando el programa.',
    noEvent: 'Aquí aún no hay ningún evento.',
    emptyOffline: 'No hay conexión, y en esta pantalla aún no hay nada guardado.',
    storageRefused: 'Este navegador no guarda nada para esta página. Permita que guarde datos.',
  },
  pt: {
    board: 'Painel',
    now: 'Agora',
    next: 'A seguir',
    free: 'Nada agora',
    nothingMore: 'O programa de hoje terminou.',
    before: 'O programa começa em {day}.',
    moved: 'Mudança',
    cancelled: 'Cancelado',
    late: '{time} de atraso',
    was: 'antes {before}',
    until: 'até {time}',
    inTime: 'em {time}',
    byInvitation: 'Por convite',
    loading: 'O programa está sendo carregado.',
    noEvent: 'Ainda não há nenhum evento aqui.',
    emptyOffline: 'Não há conexão, e nada está guardado nesta tela ainda.',
    storageRefused: 'Este navegador não guarda nada para esta página. Permita que guarde dados.',
  },
  fr: {
    board: 'Tableau',
    now: 'Maintenant',
    next: 'Ensuite',
    free: 'Rien à présent',
    nothingMore: 'Le programme du jour est terminé.',
    before: 'Le programme commence le {day}.',
    moved: 'Changement',
    cancelled: 'Annulé',
    late: '{time} de retard',
    was: 'avant {before}',
    until: 'jusqu’à {time}',
    inTime: 'dans {time}',
    byInvitation: 'Sur invitation',
    loading: 'Le programme est en cours de chargement.',
    noEvent: 'Il n’y a encore aucun événement ici.',
    emptyOffline: 'Il n’y a pas de connexion, et rien n’est encore gardé sur cet écran.',
    storageRefused: 'Ce navigateur ne garde rien pour cette page. Autorisez-le à enregistrer des données.',
  },
};

/** By language. @type {Record<string, Record<string, string>>} */
export const WORDS = Object.fromEntries(
  Object.entries(OWN).map(([language, own]) => [language, { ...STATUS_WORDS[/** @type {'en'} */ (language)], ...own }]),
);
