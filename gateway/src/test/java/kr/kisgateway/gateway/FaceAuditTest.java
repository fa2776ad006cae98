package kr.kisgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import kr.kisgateway.gateway.audit.AuditEntry;
import kr.kisgateway.gateway.audit.AuditFilter;
import kr.kisgateway.gateway.audit.AuditSearch;
import kr.kisgateway.gateway.audit.AuditSource;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program at the KIS-compatible port leaves in the audit. */
@Tag("slow")
class FaceAuditTest {
    @Test
    @Requirement(value = "A-16", clause = "record")
    void orders_and_account_calls_are_rows_with_masked_accounts_and_quotations_are_summed(@TempDir Path folder) {
        String cano;
        try (var http = HttpClient.newHttpClient();
                var gateway = GatewayFixture.start(folder, Map.of("KIS_FACE", "true", "KIS_FACE_PORT", "0"))) {
            gateway.awaitReady();
            var face = URI.create(
                    "http://127.0.0.1:" + gateway.gateway().facePort().orElseThrow());
            var client = FaceClient.withNewKey(http, folder, face, "program", "--role", "trade");
            Await.until("the gateway knows the key", () -> client.login().statusCode() == 200);
            cano = client.cano;
            assertThat(FaceClient.tree(client.balance()).path("rt_cd").asString())
                    .isEqualTo("0");
            client.order("TTTC0012U", "005930", "01", 1, 0);
            for (int i = 0; i < 3; i++) {
                assertThat(client.price("000660").statusCode()).isEqualTo(200);
            }
        }

        var entries = new ArrayList<AuditEntry>();
        new AuditSearch(folder.resolve("data").resolve("sim")).all(AuditFilter.all(), row -> entries.add(row.entry()));
        var calls = entries.stream()
                .filter(entry ->
                        entry.source() == AuditSource.FACE && entry.principal().equals("program"))
                .toList();
        for (var tr : List.of("TTTC8434R", "TTTC0012U")) {
            assertThat(calls)
                    .filteredOn(entry -> entry.tr().equals(tr))
                    .singleElement()
                    .satisfies(entry -> {
                        assertThat(entry.kind()).isEqualTo(AuditEntry.Kind.CALL);
                        assertThat(entry.parameters()).contains("CANO=" + cano.substring(0, 2) + "***");
                        assertThat(entry.key()).startsWith("kgw_");
                        assertThat(entry.address()).isEqualTo("127.0.0.1");
                    });
        }
        assertThat(calls)
                .filteredOn(entry -> entry.tr().equals("TTTC0012U"))
                .allMatch(entry -> entry.parameters().contains("PDNO=005930")
                        && entry.parameters().contains("ORD_QTY=1"));
        var quotations = calls.stream()
                .filter(entry -> entry.tr().equals("FHKST01010100"))
                .toList();
        assertThat(quotations).allMatch(entry -> entry.kind() == AuditEntry.Kind.MINUTE);
        assertThat(quotations.stream().mapToLong(AuditEntry::calls).sum()).isEqualTo(3);
        assertThat(entries).noneMatch(entry -> entry.parameters().contains(cano));
    }
}
