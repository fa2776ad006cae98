package kr.kisgateway.gateway.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The files of the page, in memory, each with its compressed forms. */
final class PageFiles {
    static final String INDEX = "index.html";

    /** Where the module {@code dashboard} has them. */
    static final String FOLDER = "/kr/kisgateway/dashboard/";

    /** Names of all files, one a line: a class path cannot be listed. */
    private static final String NAMES = "files.txt";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json");

    /** How a form of a file is compressed. */
    enum Coding {
        BROTLI("br", ".br"),
        GZIP("gzip", ".gz");

        private final String name;
        private final String ending;

        Coding(String name, String ending) {
            this.name = name;
            this.ending = ending;
        }

        /** As in {@code Content-Encoding}. */
        String wireName() {
            return name;
        }
    }

    /** @param coding empty for the file as it is */
    record Form(Optional<Coding> coding, byte[] bytes) {}

    private final Map<String, byte[]> files;

    private PageFiles(Map<String, byte[]> files) {
        this.files = files;
    }

    /**
     * The files of this program; empty when it was built without the page.
     *
     * @param folder of the class path
     */
    static Optional<PageFiles> load(String folder) {
        return read(folder + NAMES).map(names -> {
            var files = new TreeMap<String, byte[]>();
            new String(names, StandardCharsets.UTF_8)
                    .lines()
                    .forEach(name -> files.put(
                            name,
                            read(folder + name)
                                    .orElseThrow(() -> new IllegalStateException(
                                            name + " of the page is missing from the program"))));
            return new PageFiles(files);
        });
    }

    private static Optional<byte[]> read(String path) {
        try (InputStream file = PageFiles.class.getResourceAsStream(path)) {
            return file == null ? Optional.empty() : Optional.of(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The smallest form of a file that a client accepts.
     *
     * @param accepted the client's {@code Accept-Encoding}
     */
    Optional<Form> find(String name, Optional<String> accepted) {
        for (var coding : Coding.values()) {
            var compressed = files.get(name + coding.ending);
            if (compressed != null && accepts(accepted, coding)) {
                return Optional.of(new Form(Optional.of(coding), compressed));
            }
        }
        return isCompressed(name)
                ? Optional.empty()
                : Optional.ofNullable(files.get(name)).map(bytes -> new Form(Optional.empty(), bytes));
    }

    /** Whether it is a form of another file, which is not requested by its name. */
    private static boolean isCompressed(String name) {
        for (var coding : Coding.values()) {
            if (name.endsWith(coding.ending)) {
                return true;
            }
        }
        return false;
    }

    private static boolean accepts(Optional<String> accepted, Coding coding) {
        for (var part : accepted.orElse("").split(",")) {
            var words = part.strip().split(";", 2);
            if (words[0].strip().equalsIgnoreCase(coding.name)) {
                return words.length == 1 || !words[1].replace(" ", "").matches("q=0(\\.0*)?");
            }
        }
        return false;
    }

    /** The type of a file, by the ending of its name. */
    static String type(String name) {
        return TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
    }
}
