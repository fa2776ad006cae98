package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.constant.ClassDesc;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Copies the jars of a distribution without compression and without what no program reads there: the archive around them
 * compresses better across files (58 MB of compressed jars become 40 MB), and the JVM reads classes faster. Classes of Java 5 get the
 * stack maps of later ones, because the JVM's start cache holds no class without. The same jars give the same bytes.
 */
final class StoredJars {
    /** Unpacked by {@link NativeLibraries} for this machine; the others are of other machines. */
    private static final String SQLITE = "org/sqlite/native/";

    private static final int MAJOR_VERSION = 6;

    private StoredJars() {}

    /** @param args the folder of the jars, the folder of the copies */
    public static void main(String[] args) throws IOException {
        Path to = Files.createDirectories(Path.of(args[1]));
        try (var jars = Files.newDirectoryStream(Path.of(args[0]), "*.jar")) {
            for (Path jar : jars) {
                copy(jar, to.resolve(jar.getFileName()));
            }
        }
    }

    private static void copy(Path jar, Path to) throws IOException {
        try (var from = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(to))) {
            var entries = from.stream()
                    .filter(entry -> !entry.isDirectory() && !entry.getName().startsWith(SQLITE))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            for (var entry : entries) {
                byte[] content = verifiable(entry.getName(), content(from, entry), from);
                var stored = new ZipEntry(entry.getName());
                stored.setMethod(ZipEntry.STORED);
                stored.setTimeLocal(entry.getTimeLocal());
                stored.setSize(content.length);
                stored.setCrc(checksum(content));
                out.putNextEntry(stored);
                out.write(content);
                out.closeEntry();
            }
        }
    }

    private static byte[] content(ZipFile jar, ZipEntry entry) throws IOException {
        try (var in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    /** The class with stack maps if it is of Java 5 (picocli's are); anything else as it is. */
    private static byte[] verifiable(String name, byte[] content, ZipFile jar) {
        if (!name.endsWith(".class") || ByteBuffer.wrap(content).getShort(MAJOR_VERSION) >= ClassFile.JAVA_6_VERSION) {
            return content;
        }
        var hierarchy = ClassHierarchyResolver.ofResourceParsing(type -> stream(type, jar))
                .orElse(ClassHierarchyResolver.defaultResolver());
        var files = ClassFile.of(
                ClassFile.ClassHierarchyResolverOption.of(hierarchy),
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                // Otherwise methods are copied as they are.
                ClassFile.ConstantPoolSharingOption.NEW_POOL);
        return files.transformClass(
                files.parse(content),
                ClassTransform.dropping(ClassFileVersion.class::isInstance)
                        .andThen(ClassTransform.endHandler(
                                builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0))));
    }

    private static @Nullable InputStream stream(ClassDesc type, ZipFile jar) {
        String name = type.descriptorString();
        var entry = jar.getEntry(name.substring(1, name.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long checksum(byte[] content) {
        var checksum = new CRC32();
        checksum.update(content);
        return checksum.getValue();
    }
}
