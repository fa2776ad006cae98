package kr.kisgateway.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import kr.kisgateway.api.risk.RiskCalls;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
        description = "Replace all limits from a file (operator): the edited output of ./kis limits --json.%n"
                + "파일의 내용으로 모든 한도를 새로 설정합니다 (운영자).")
final class LimitsSet extends GatewayCommand {
    /** Maximum body that the gateway accepts. */
    private static final long BODY_BYTES_MAX = 64 << 10;

    @Parameters(
            paramLabel = "FILE.json",
            description =
                    "gateway, accounts, strategies and keys as in docs/RISK.md; all limits in force, null removes")
    private Path file = Path.of("");

    LimitsSet(Kis kis) {
        super(kis);
    }

    @Override
    boolean isMutating() {
        return true;
    }

    @Override
    int run(GatewayConnection gateway) {
        var response = gateway.change(
                RiskCalls.setLimits(body()),
                // They may be changed between two attempts; the second must not undo that.
                GatewayConnection.Retry.ONLY_IF_NOT_SENT);
        return report(response, answer -> {
            screen().line("These limits are in force now, also after a restart.");
            Limits.show(screen(), answer);
        });
    }

    private String body() {
        Path path = kis.process().workingFolder().resolve(file);
        try {
            if (Files.size(path) > BODY_BYTES_MAX) {
                throw usageError(path + " is longer than the " + BODY_BYTES_MAX + " bytes that the gateway accepts");
            }
            String text = Files.readString(path, StandardCharsets.UTF_8);
            if (!(mapper().readTree(text) instanceof ObjectNode)) {
                throw usageError(path + " contains no JSON object");
            }
            return text;
        } catch (JacksonException e) {
            var at = e.getLocation();
            String where = at == null || at.getLineNr() < 1
                    ? ""
                    : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw usageError(path + " is no valid JSON: there is an error" + where
                    + "; correct the file and repeat the command");
        } catch (NoSuchFileException e) {
            throw usageError("There is no file " + path + "; ./kis limits --json prints the limits to begin with");
        } catch (AccessDeniedException e) {
            throw usageError("This user may not read " + path + "; change the file's permissions");
        } catch (CharacterCodingException e) {
            throw usageError(path + " is no text in UTF-8; store it as UTF-8");
        } catch (IOException e) {
            throw usageError(path + " cannot be read; it must be a file with JSON");
        }
    }

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
    }
}
