/** What the views of one's own registration and data say in Portuguese. */
export default {
  'data.text': 'O que se guarda sobre você, para ler aqui ou conservar como arquivo.',
  'data.here': 'Neste evento: {name}',
  'data.account': 'Sua conta, em quaisquer eventos',
  'data.show': 'Mostrar',
  'data.hide': 'Ocultar',
  'data.page': 'Salvar como página',
  'data.file': 'Salvar para programas',
  'data.asked': 'Está sendo baixado.',
  'data.saved': 'Está salvo como arquivo.',
  'data.refused': 'Isto só pode ser lido pela própria pessoa.',
  'data.theirs': 'O que se guarda sobre {names} só pode ser lido por essas pessoas; o que você precisa para agir por elas está neste dispositivo.',
};
