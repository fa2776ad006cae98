package kr.kisgateway.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.Utf8Entry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kr.kisgateway.wire.parse.FrameParser;
import kr.kisgateway.wire.print.FramePrinter;
import org.junit.jupiter.api.Test;

/** Reads the compiled classes: every used class leaves its name in them. */
class DependencyRulesTest {
    private static final String WIRE = "kr/kisgateway/wire/";

    @Test
    void the_parser_does_not_depend_on_the_printer() throws Exception {
        assertThat(classesThatName(FrameParser.class, WIRE + "print/")).isEmpty();
    }

    @Test
    void the_printer_does_not_depend_on_the_parser() throws Exception {
        assertThat(classesThatName(FramePrinter.class, WIRE + "parse/")).isEmpty();
    }

    @Test
    void the_shared_types_depend_on_neither() throws Exception {
        assertThat(classesThatName(RealtimeKey.class, WIRE + "parse/")).isEmpty();
        assertThat(classesThatName(RealtimeKey.class, WIRE + "print/")).isEmpty();
    }

    @Test
    void no_class_of_the_module_opens_a_socket_or_starts_a_thread() throws Exception {
        for (Class<?> neighbour : List.of(RealtimeKey.class, FrameParser.class, FramePrinter.class)) {
            for (String forbidden : List.of("java/net/", "java/lang/Thread", "java/util/concurrent/")) {
                assertThat(classesThatName(neighbour, forbidden)).isEmpty();
            }
        }
    }

    @Test
    void the_check_finds_an_existing_dependency() throws Exception {
        assertThat(classesThatName(FrameParser.class, WIRE + "Catalog")).contains("FrameParser.class");
    }

    /** The classes of {@code neighbour}'s package whose constants contain {@code name}. */
    private static List<String> classesThatName(Class<?> neighbour, String name)
            throws IOException, URISyntaxException {
        Path root = Path.of(
                neighbour.getProtectionDomain().getCodeSource().getLocation().toURI());
        Path folder = root.resolve(neighbour.getPackageName().replace('.', '/'));
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> names(file, name))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static boolean names(Path file, String name) {
        try {
            return StreamSupport.stream(
                            ClassFile.of().parse(file).constantPool().spliterator(), false)
                    .anyMatch(entry -> entry instanceof Utf8Entry text
                            && text.stringValue().contains(name));
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }
}
