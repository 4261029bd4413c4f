package io.weft.itests.arrows;

import aQute.bnd.classfile.ClassFile;
import aQute.bnd.classfile.ConstantPool;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one class file names in its code and signatures; annotations that are gone at run time do not count.
 *
 * @param classes dotted names of all classes it mentions, itself included
 * @param calls {@code class.method} of all it calls
 */
record ClassRefs(String name, Set<String> classes, Set<String> calls) {

  private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([^;<>()]+);");

  static ClassRefs read(InputStream in) throws IOException {
    ClassFile file = ClassFile.parseClassFile(new DataInputStream(in));
    Set<String> classes = new TreeSet<>();
    Set<String> calls = new TreeSet<>();
    ConstantPool pool = file.constant_pool;
    for (int i = 1; i < pool.size(); i++) {
      Object entry = pool.entry(i);
      if (entry instanceof ConstantPool.ClassInfo info) {
        addClass(classes, pool.utf8(info.class_index));
      } else if (entry instanceof ConstantPool.NameAndTypeInfo info) {
        addDescriptor(classes, pool.utf8(info.descriptor_index));
      } else if (entry instanceof ConstantPool.AbstractRefInfo info) {
        ConstantPool.NameAndTypeInfo method = pool.entry(info.name_and_type_index);
        calls.add(dotted(pool.className(info.class_index)) + "." + pool.utf8(method.name_index));
      }
    }
    Arrays.stream(file.fields).forEach(f -> addDescriptor(classes, f.descriptor));
    Arrays.stream(file.methods).forEach(m -> addDescriptor(classes, m.descriptor));
    return new ClassRefs(dotted(file.this_class), classes, calls);
  }

  /** Packages of the classes that it mentions. */
  Set<String> packages() {
    return classes.stream().map(ClassRefs::packageOf).collect(Collectors.toCollection(TreeSet::new));
  }

  static String packageOf(String className) {
    int dot = className.lastIndexOf('.');
    return dot < 0 ? "" : className.substring(0, dot);
  }

  private static void addClass(Set<String> classes, String name) {
    if (name.startsWith("[")) {
      addDescriptor(classes, name);
    } else {
      classes.add(dotted(name));
    }
  }

  private static void addDescriptor(Set<String> classes, String descriptor) {
    Matcher m = IN_DESCRIPTOR.matcher(descriptor);
    while (m.find()) {
      classes.add(dotted(m.group(1)));
    }
  }

  private static String dotted(String internal) {
    return internal.replace('/', '.');
  }
}
