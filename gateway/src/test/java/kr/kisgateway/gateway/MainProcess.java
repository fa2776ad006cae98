package kr.kisgateway.gateway;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** {@link Main} as a process with the class path of the test that starts it. */
final class MainProcess {
    private MainProcess() {}

    /** Its output and errors are one. */
    static ProcessBuilder of(List<String> jvmFlags, String... arguments) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(Stream.of(
                                Stream.of(java),
                                jvmFlags.stream(),
                                Stream.of("-cp", System.getProperty("java.class.path"), Main.class.getName()),
                                Stream.of(arguments))
                        .flatMap(words -> words)
                        .toList())
                .redirectErrorStream(true);
    }

    /** Removes what the settings of the machine that runs the tests would change. */
    static void removeSettings(ProcessBuilder builder) {
        builder.environment().keySet().removeIf(name -> name.matches("(KIS|GATEWAY|SIMULATOR|JOURNAL|RISK)_.*"));
    }
}
