/** What the views of one's own registration and data say in English. */
export default {
  'data.text': 'What is held about you, to read here or to keep as a file.',
  'data.here': 'At this event: {name}',
  'data.account': 'Your account, at whichever events',
  'data.show': 'Show',
  'data.hide': 'Hide',
  'data.page': 'Save as a page',
  'data.file': 'Save for programs',
  'data.asked': 'It is being fetched.',
  'data.saved': 'It is saved as a file.',
  'data.refused': 'This is for the person alone to read.',
  'data.theirs': 'What is held about {names} is theirs to read; what you need to act for them is on this device.',
};
