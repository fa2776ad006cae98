package kr.kisgateway.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Unpacks the native libraries of the database drivers once, at build time, into a folder of the product. By default
 * the drivers unpack them into the temporary folder at each start: 73 MB that remain there after a crash, and a failure
 * where programs may not run from the temporary folder.
 *
 * <p>SQLite's driver accepts a folder ({@code org.sqlite.lib.path}). DuckDB's searches {@code java.library.path} only
 * when its jar contains no library, so the libraries are removed from the jar that the program runs on.
 */
final class NativeLibraries {
    private static final String DUCKDB = "libduckdb_java.so_";

    private NativeLibraries() {}

    /** @param args the folder of the jars, the folder for the libraries */
    public static void main(String[] args) throws IOException {
        Path jars = Path.of(args[0]);
        Path libraries = Files.createDirectories(Path.of(args[1]));
        for (Path jar : jars(jars, "sqlite-jdbc-")) {
            String name = System.mapLibraryName("sqlitejdbc");
            unpack(
                    jar,
                    path -> path.equals("org/sqlite/native/" + sqlitePlatform() + "/" + name),
                    libraries.resolve(name));
        }
        for (Path jar : jars(jars, "duckdb_jdbc-")) {
            String library = DUCKDB + duckdbPlatform();
            if (unpack(jar, library::equals, libraries.resolve(System.mapLibraryName("duckdb_java")))) {
                strip(jar);
            }
        }
    }

    private static List<Path> jars(Path folder, String prefix) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix)
                            && file.getFileName().toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        }
    }

    /** Whether the jar had a library for this machine; writes atomically, and leaves an existing file unchanged. */
    private static boolean unpack(Path jar, Predicate<String> isLibrary, Path to) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            Optional<ZipEntry> library = file.stream()
                    .filter(entry -> isLibrary.test(entry.getName()))
                    .map(ZipEntry.class::cast)
                    .findFirst();
            if (library.isEmpty()) {
                return false;
            }
            Path part = to.resolveSibling(
                    to.getFileName() + "." + ProcessHandle.current().pid());
            try (InputStream in = file.getInputStream(library.get())) {
                Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
            }
            // A running program continues with the old file, which it has mapped; the name points to the new one.
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            return true;
        }
    }

    /** Removes the libraries of all platforms from the jar. */
    private static void strip(Path jar) throws IOException {
        Path part = jar.resolveSibling(jar.getFileName() + ".new");
        try (var file = new JarFile(jar.toFile());
                var out = new JarOutputStream(Files.newOutputStream(part))) {
            for (var entry : file.stream().toList()) {
                if (!entry.getName().startsWith(DUCKDB)) {
                    var copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    try (InputStream in = file.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                }
            }
        }
        Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String property(String name) {
        return System.getProperty(name, "").toLowerCase(Locale.ROOT);
    }

    private static boolean isArm() {
        return property("os.arch").equals("aarch64") || property("os.arch").equals("arm64");
    }

    /** Platform name of DuckDB's driver. */
    private static String duckdbPlatform() {
        String os = property("os.name");
        String system = os.startsWith("windows") ? "windows" : os.startsWith("mac") ? "macos" : "linux";
        return system + "_" + (isArm() ? "arm64" : "amd64");
    }

    /** Platform name of SQLite's driver; where it detects another, as with musl, it unpacks its own as before. */
    private static String sqlitePlatform() {
        String os = property("os.name");
        String system = os.startsWith("windows") ? "Windows" : os.startsWith("mac") ? "Mac" : "Linux";
        boolean musl = system.equals("Linux")
                && Files.exists(Path.of("/lib/ld-musl-" + (isArm() ? "aarch64" : "x86_64") + ".so.1"));
        return system + (musl ? "-Musl" : "") + "/" + (isArm() ? "aarch64" : "x86_64");
    }
}
