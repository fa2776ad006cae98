package kr.kisgateway.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import kr.kisgateway.wire.spi.LocalBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The simulator as found by a program without a dependency on it. */
class SimulatorBrokerTest {
    @TempDir
    Path folder;

    @Test
    void the_service_loader_finds_the_simulator_and_starts_both_faces() throws Exception {
        LocalBroker found = ServiceLoader.load(LocalBroker.class).findFirst().orElseThrow();

        try (LocalBroker.Running live = found.start(folder.resolve("new"));
                LocalBroker.Running paper = found.startPaper(folder.resolve("new"))) {
            assertThat(live.wsBase().getScheme()).isEqualTo("ws");
            assertThat(live.restBase().getHost()).isEqualTo("127.0.0.1");
            assertThat(paper.restBase()).isNotEqualTo(live.restBase());
            assertThat(request(live)).isEqualTo(request(paper)).isEqualTo(403);
        }
        assertThat(Files.exists(folder.resolve("new/simulator.db"))).isTrue();
        assertThat(Files.exists(folder.resolve("new/simulator-paper.db"))).isTrue();
    }

    private static int request(LocalBroker.Running broker) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(broker.restBase() + "/uapi/domestic-stock/v1/quotations/inquire-price"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }
}
