package kr.kisgateway.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.9.8.7, 127.0.0.1",
        "::1, 127.0.0.1",
        "::ffff:127.0.0.2, 127.0.0.1",
        "203.0.113.7, 203.0.113.7",
        "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::",
        "2001:db8:1:2:ffff::9, 2001:db8:1:2::",
    })
    void addresses_one_host_can_choose_freely_count_as_one(String address, String network) {
        assertThat(ClientNetwork.of(InetAddress.ofLiteral(address))).isEqualTo(InetAddress.ofLiteral(network));
    }
}
