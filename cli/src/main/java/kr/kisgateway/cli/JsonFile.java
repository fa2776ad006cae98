package kr.kisgateway.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.ParameterException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Files with a JSON object that are sent as they are. */
final class JsonFile {
    /** Maximum body that the gateway accepts. */
    private static final long BODY_BYTES_MAX = 64 << 10;

    private JsonFile() {}

    /**
     * The text of a file with a JSON object.
     *
     * @param hint what to do without the file, without a full stop
     * @param usageError makes the exception of a sentence
     */
    static String read(Path path, String hint, Function<String, ParameterException> usageError) {
        try {
            if (Files.size(path) > BODY_BYTES_MAX) {
                throw usageError.apply(
                        path + " is longer than the " + BODY_BYTES_MAX + " bytes that the gateway accepts");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            if (!(mapper().readTree(text) instanceof ObjectNode)) {
                throw usageError.apply(path + " contains no JSON object");
            }
            return text;
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null || at.getLineNr() < 1
                    ? ""
                    : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw usageError.apply(path + " is no valid JSON: there is an error" + where
                    + "; correct the file and repeat the command");
        } catch (NoSuchFileException e) {
            throw usageError.apply("There is no file " + path + "; " + hint);
        } catch (AccessDeniedException e) {
            throw usageError.apply("This user may not read " + path + "; change the file's permissions");
        } catch (CharacterCodingException e) {
            throw usageError.apply(path + " is no text in UTF-8; store it as UTF-8");
        } catch (IOException e) {
            throw usageError.apply(path + " cannot be read; it must be a file with JSON");
        }
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
