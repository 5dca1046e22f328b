/** What the views of one's own registration and data say in Spanish. */
export default {
  'data.text': 'Lo que se guarda sobre usted, para leerlo aquí o conservarlo como archivo.',
  'data.here': 'En este evento: {name}',
  'data.account': 'Su cuenta, en cualquier evento',
  'data.show': 'Mostrar',
  'data.hide': 'Ocultar',
  'data.page': 'Guardar como página',
  'data.file': 'Guardar para programas',
  'data.asked': 'Se está descargando.',
  'data.saved': 'Está guardado como archivo.',
  'data.refused': 'Esto solo puede leerlo la persona misma.',
  'data.theirs': 'Lo que se guarda sobre {names} solo pueden leerlo ellos; lo que usted necesita para actuar en su nombre está en este dispositivo.',
};
