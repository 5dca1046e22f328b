/** What the views of one's own registration and data say in French. */
export default {
  'data.text': 'Ce qui est conservé à votre sujet, à lire ici ou à garder sous forme de fichier.',
  'data.here': 'À cet événement : {name}',
  'data.account': 'Votre compte, pour tous les événements',
  'data.show': 'Afficher',
  'data.hide': 'Masquer',
  'data.page': 'Enregistrer comme page',
  'data.file': 'Enregistrer pour des programmes',
  'data.asked': 'Chargement en cours.',
  'data.saved': 'C’est enregistré dans un fichier.',
  'data.refused': 'Seule la personne elle-même peut lire ceci.',
  'data.theirs': 'Ce qui est conservé au sujet de {names} ne peut être lu que par ces personnes ; ce qu’il vous faut pour agir en leur nom est sur cet appareil.',
};
