package kr.kisgateway.market;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the module's own CSV resources: UTF-8, a header line, fields in double quotes where they contain a comma or a
 * doubled quote, no line breaks inside fields. The module's own data cannot be wrong in a running program, so an error
 * is an exception with file and line, not a value.
 */
final class Csv {
    private Csv() {}

    /** Receives the fields of one line. */
    interface Row {
        void accept(List<String> fields);
    }

    /** Calls {@code row} with the fields of every line after the header. */
    static void read(String resource, String header, Row row) {
        int columns = split(header).size();
        var text = text(resource);
        if (!text.startsWith(header + "\n")) {
            throw new IllegalStateException(resource + " should begin with " + header);
        }
        int line = 1;
        int end;
        for (int start = header.length() + 1; start < text.length(); start = end + 1) {
            line++;
            end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            try {
                var fields = split(text.substring(start, end));
                if (fields.size() != columns) {
                    throw new IllegalArgumentException(fields.size() + " fields instead of " + columns);
                }
                row.accept(fields);
            } catch (RuntimeException e) {
                throw new IllegalStateException(resource + " line " + line + ": " + e.getMessage(), e);
            }
        }
    }

    /** The complete text of a resource beside this class. */
    static String text(String resource) {
        try (InputStream stream = Csv.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("the resource " + resource + " is not in the module");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    static List<String> split(String line) {
        var fields = new ArrayList<String>(10);
        int at = 0;
        while (true) {
            int end;
            if (at < line.length() && line.charAt(at) == '"') {
                end = closingQuote(line, at);
                fields.add(line.substring(at + 1, end).replace("\"\"", "\""));
                end++;
            } else {
                end = line.indexOf(',', at);
                end = end < 0 ? line.length() : end;
                fields.add(line.substring(at, end));
            }
            if (end == line.length()) {
                return fields;
            }
            if (line.charAt(end) != ',') {
                throw new IllegalArgumentException("text after a closing quote: " + line);
            }
            at = end + 1;
        }
    }

    private static int closingQuote(String line, int opening) {
        int at = opening + 1;
        while (true) {
            int quote = line.indexOf('"', at);
            if (quote < 0) {
                throw new IllegalArgumentException("a quote is not closed: " + line);
            }
            if (quote + 1 == line.length() || line.charAt(quote + 1) != '"') {
                return quote;
            }
            at = quote + 2;
        }
    }
}
