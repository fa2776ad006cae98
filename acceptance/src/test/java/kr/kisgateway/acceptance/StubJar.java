package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Programs of a few lines, compiled into a jar, that stand in for the real ones where a script is tested. */
final class StubJar {
    private StubJar() {}

    /** @param sources text by the name of the class, as {@code kr.kisgateway.cli.Main} */
    static void write(Path jar, Path classes, Map<String, String> sources) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            for (var source : sources.entrySet()) {
                var path = source.getKey().replace('.', '/');
                compile(path, source.getValue(), classes);
                out.putNextEntry(new JarEntry(path + ".class"));
                Files.copy(classes.resolve(path + ".class"), out);
            }
        }
    }

    private static void compile(String path, String text, Path classes) {
        var source = new SimpleJavaFileObject(URI.create("string:///" + path + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .getTask(null, null, null, List.of("-d", classes.toString()), null, List.of(source))
                        .call())
                .isTrue();
    }
}
