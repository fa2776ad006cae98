package kr.kisgateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/** A program of a page, compiled like by a reader who copies it into a file of that name. */
final class PrintedProgram {
    private PrintedProgram() {}

    /** Compiles {@code program}, which is as printed, into {@code folder}. */
    static void compile(Path folder, String name, String program) throws IOException {
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, program);
        var compiler = ToolProvider.getSystemJavaCompiler();
        var wrong = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            var options = List.of("-proc:none", "-d", folder.toString(), "-cp", System.getProperty("java.class.path"));
            assertThat(compiler.getTask(wrong, files, null, options, null, files.getJavaFileObjects(source))
                            .call())
                    .as(wrong.toString())
                    .isTrue();
        }
    }
}
