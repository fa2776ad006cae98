package kr.kisgateway.gateway.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import kr.kisgateway.client.Secret;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
    @Test
    void an_address_with_everything_is_read_and_shows_neither_user_nor_password() {
        var address = PostgresAddress.parse(
                        "postgresql://kis:p%40ss+w%3Ard@db1:5432,db2:5433/trading?sslmode=verify-full")
                .orElseThrow();
        assertThat(address.hosts()).isEqualTo("db1:5432,db2:5433");
        assertThat(address.database()).isEqualTo("trading");
        assertThat(address.user()).contains("kis");
        assertThat(address.password().map(Secret::reveal)).contains("p@ss+w:rd");
        assertThat(address.options()).containsEntry("sslmode", "verify-full");
        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db1:5432,db2:5433/trading");
        assertThat(address).hasToString("db1:5432,db2:5433/trading?sslmode=verify-full");
    }

    @Test
    void an_address_needs_no_port_user_or_password() {
        var address = PostgresAddress.parse("postgres://localhost/kis").orElseThrow();
        assertThat(address.hosts()).isEqualTo("localhost");
        assertThat(address.user()).isEqualTo(Optional.empty());
        assertThat(PostgresAddress.parse("postgresql://u@[::1]:5432/kis")
                        .orElseThrow()
                        .hosts())
                .isEqualTo("[::1]:5432");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "postgresql",
                "jdbc:postgresql://localhost/kis",
                "mysql://localhost/kis",
                "postgresql://localhost",
                "postgresql://localhost/",
                "postgresql:///kis",
                "postgresql://localhost/a/b",
                "postgresql://localhost:99999/kis",
                "postgresql://localhost:x/kis",
                "postgresql://a,/kis",
                "postgresql://localhost/kis#part",
                "postgresql://localhost/kis?socketFactory=java.lang.String",
                "postgresql://localhost/kis?sslfactory=a.B&sslmode=require",
                "postgresql://localhost/kis?sslmode",
                "postgresql://u:p@local host/kis",
                "postgresql://u:%zz@localhost/kis"
            })
    void anything_else_is_refused(String text) {
        assertThat(PostgresAddress.parse(text)).isEmpty();
    }
}
