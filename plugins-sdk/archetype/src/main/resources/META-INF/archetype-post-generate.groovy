// Keeps the template of the kind that was asked for, under the names that were given: what weft plugin new does without Maven.
import java.util.regex.Matcher
import java.util.regex.Pattern

def project = new File(request.outputDirectory, request.artifactId)
def templates = new File(project, 'templates')
def kinds = new Properties()
new File(templates, 'kinds.properties').withInputStream { kinds.load(it) }
def stem = { name -> name.split('-').collect { it.capitalize() }.join('') }
def sample = kinds[request.properties['kind']]
def pack = request.properties['package']
// What is common to all kinds is called as some-plugin would be.
def words = ['some-plugin', sample].collectEntries { name -> [
  ('org.example.' + name.replace('-', '')): pack,
  ('org/example/' + name.replace('-', '')): pack.replace('.', '/'),
  '<groupId>org.example</groupId>': "<groupId>${request.groupId}</groupId>".toString(),
  (stem(name)): stem(request.artifactId),
  (name): request.artifactId,
] }
// In one pass, so that no new name is taken for an old one.
def any = Pattern.compile(words.keySet().sort { -it.length() }.collect { Pattern.quote(it) }.join('|'))
def renamed = { String text -> any.matcher(text).replaceAll { Matcher.quoteReplacement(words[it.group()]) } }

for (from in ['common', request.properties['kind']]) {
  def folder = new File(templates, from)
  folder.eachFileRecurse(groovy.io.FileType.FILES) { file ->
    def path = renamed(folder.toPath().relativize(file.toPath()).toString()).replace('gitignore.txt', '.gitignore')
    def text = renamed(file.getText('UTF-8'))
    if (path == 'pom.xml') {
      text = text.replace('<relativePath>../../parent</relativePath>', '<relativePath/>')
          .replaceFirst('(?m)^  <name>', '  <version>' + Matcher.quoteReplacement(request.version) + '</version>\n  <name>')
    }
    def target = new File(project, path)
    target.parentFile.mkdirs()
    target.setText(text, 'UTF-8')
  }
}
new File(project, 'run').setExecutable(true, false)
templates.deleteDir()
