package kr.kisgateway.api.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The generated part of each client is that of the contract. {@code ./kis openapi} writes it: this test, with a property. */
class ClientSourcesTest {
    private static final Map<Path, ClientLanguage> FILES = Map.of(
            Path.of("../clients/python/src/kis_gateway/api.py"), new PythonClient(),
            Path.of("../clients/typescript/src/api.ts"), new TypeScriptClient());

    @Test
    void the_types_and_calls_of_the_clients_are_those_of_the_contract() throws IOException {
        var contract = new YAMLMapper()
                .readTree(Path.of("src/main/resources/openapi.yaml").toFile());
        for (var file : FILES.entrySet()) {
            var expected = file.getValue().source(contract);
            if (Boolean.getBoolean("kis.openapi.write")) {
                Files.writeString(file.getKey(), expected);
            } else {
                assertThat(Files.readString(file.getKey()))
                        .as("%s differs from the contract: ./kis openapi", file.getKey())
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void each_operation_with_an_answer_of_json_is_called() throws IOException {
        var contract = new YAMLMapper()
                .readTree(Path.of("src/main/resources/openapi.yaml").toFile());
        var ids = ApiOperation.all(contract).stream().map(ApiOperation::id).toList();
        assertThat(ids)
                .contains(
                        "quote",
                        "placeOrder",
                        "cancelOrder",
                        "orders",
                        "createParent",
                        "balances",
                        "callKisApi",
                        "backfill")
                .doesNotContain("events", "stream", "t1101V30")
                .doesNotHaveDuplicates()
                .hasSizeGreaterThan(80);
    }
}
