package kr.kisgateway.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./kis install} in a copy of the sources, and a separate project that depends on the installed artifacts. */
@Tag("long")
@Tag("slow")
class InstallTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> EXCLUDED = Set.of("target", ".git", ".kis", "data");
    private static final Pattern QUICK_START =
            Pattern.compile("<!-- example: quick start -->\\n```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FIRST_ORDER =
            Pattern.compile("<!-- example: first order -->\\n```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DEPENDENCIES = Pattern.compile("```xml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMPILER =
            Pattern.compile("<artifactId>maven-compiler-plugin</artifactId>\\s*<version>([^<]+)</version>");

    @TempDir
    Path folder;

    @Test
    @Requirement(value = "P-14", clause = "library")
    void a_separate_project_compiles_the_documented_programs_against_the_installed_libraries() throws Exception {
        var sources = folder.resolve("sources");
        copy(sources);
        var repository = folder.resolve("repository");
        run(sources, repository, "./kis", "install");
        for (var library : List.of("kis-client", "kis-simulator", "gateway-client")) {
            try (var files = Files.walk(repository.resolve("kr/kisgateway").resolve(library))) {
                assertThat(files).anyMatch(file -> file.toString().endsWith(".jar"));
            }
        }

        var separateProject = folder.resolve("elsewhere");
        var java = Files.createDirectories(separateProject.resolve("src/main/java"));
        var sdk = Files.readString(PROJECT.resolve("docs/CLIENT.md"));
        var client = Files.readString(PROJECT.resolve("docs/GATEWAY-CLIENT.md"));
        Files.writeString(java.resolve("QuickStart.java"), documentedBlock(QUICK_START, sdk));
        Files.writeString(java.resolve("FirstOrder.java"), documentedBlock(FIRST_ORDER, client));
        Files.writeString(
                separateProject.resolve("pom.xml"),
                """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>elsewhere</groupId>
                  <artifactId>program</artifactId>
                  <version>1</version>
                  <properties>
                    <maven.compiler.release>25</maven.compiler.release>
                    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                  </properties>
                  <dependencies>
                """ + documentedBlock(DEPENDENCIES, sdk) + documentedBlock(DEPENDENCIES, client)
                        + "</dependencies></project>");
        run(
                separateProject,
                repository,
                sources.resolve("mvnw").toString(),
                "-B",
                "-q",
                "org.apache.maven.plugins:maven-compiler-plugin:"
                        + documentedBlock(COMPILER, Files.readString(PROJECT.resolve("pom.xml"))) + ":compile");
        assertThat(separateProject.resolve("target/classes/QuickStart.class")).exists();
        assertThat(separateProject.resolve("target/classes/FirstOrder.class")).exists();
    }

    private static String documentedBlock(Pattern what, String page) {
        var found = what.matcher(page);
        assertThat(found.find()).as(what.pattern()).isTrue();
        return found.group(1);
    }

    private static void copy(Path into) throws IOException {
        Files.walkFileTree(PROJECT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                if (EXCLUDED.contains(directory.getFileName().toString())) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(into.resolve(PROJECT.relativize(directory)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file, into.resolve(PROJECT.relativize(file)), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Installs into {@code repository}; third-party artifacts come from this machine's repository. */
    private void run(Path place, Path repository, String... command) throws IOException, InterruptedException {
        var log = folder.resolve("log.txt");
        var builder = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        var existingRepository = System.getProperty(
                "maven.repo.local",
                Path.of(System.getProperty("user.home"), ".m2", "repository").toString());
        builder.environment()
                .put(
                        "MAVEN_ARGS",
                        "-Dmaven.repo.local=" + repository + " -Dmaven.repo.local.tail=" + existingRepository);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var process = builder.start();
        try {
            assertThat(process.waitFor(20, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as(Files.readString(log, StandardCharsets.UTF_8))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }
}
