package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.MailReceiver;
import kr.kisgateway.gateway.MailReceiver.Encryption;
import kr.kisgateway.gateway.notification.Channel.Email.Security;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** E-mail to a real mail server on this machine. */
@Tag("slow")
class OutgoingMailTest {
    private static final Instant AT = Instant.parse("2026-11-20T01:02:03Z");

    @TempDir
    Path folder;

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final OutgoingMail mails = new OutgoingMail(true, workers);

    @AfterEach
    void stop() {
        workers.shutdownNow();
    }

    private static Channel.Email channel(
            MailReceiver server, Security security, String password, Optional<Path> ca, String... to) {
        return new Channel.Email(
                "mail",
                "localhost",
                server.port(),
                security,
                security == Security.NONE
                        ? Optional.empty()
                        : Optional.of(new Channel.Email.Login(MailReceiver.USER, Secret.of(password))),
                "gateway@example.com",
                List.of(to),
                ca);
    }

    private static Message.Mail mail(Channel.Email channel) {
        return new Message.Mail(channel, "alert.sim.mail.7.7", "[P1] 발생 feed_down", "장중에 끊겼습니다.\ntext", AT);
    }

    private static String reason(Delivery delivery) {
        return delivery instanceof Delivery.Failed failed ? failed.reason() : "delivered";
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"TLS", "STARTTLS"})
    @Requirement(value = "A-13", clause = "routes")
    void an_alert_arrives_by_an_encrypted_connection_with_a_login(Security security) throws Exception {
        try (var server = MailReceiver.encrypted(folder, Encryption.valueOf(security.name()), "localhost")) {
            var channel = channel(
                    server,
                    security,
                    MailReceiver.PASSWORD,
                    Optional.of(server.certificate()),
                    "a@example.com",
                    "b@example.com");
            assertThat(mails.send(mail(channel))).isEqualTo(new Delivery.Delivered());
            assertThat(server.received())
                    .extracting(MailReceiver.Received::to)
                    .containsExactlyInAnyOrder("a@example.com", "b@example.com");
            var received = server.received().getFirst();
            assertThat(received.subject()).isEqualTo("[P1] 발생 feed_down");
            assertThat(received.text()).isEqualToIgnoringNewLines("장중에 끊겼습니다.\ntext");
            assertThat(received.header("Message-ID")).isEqualTo("<alert.sim.mail.7.7@example.com>");
            assertThat(received.header("Auto-Submitted")).isEqualTo("auto-generated");
            assertThat(received.header("From")).isEqualTo("gateway@example.com");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Security.class,
            names = {"TLS", "STARTTLS"})
    void a_certificate_of_another_name_or_without_trust_gets_neither_login_nor_message(Security security)
            throws Exception {
        try (var other = MailReceiver.encrypted(folder, Encryption.valueOf(security.name()), "mail.example.com")) {
            var channel =
                    channel(other, security, MailReceiver.PASSWORD, Optional.of(other.certificate()), "a@example.com");
            assertThat(reason(mails.send(mail(channel)))).contains("no TLS with the server");
            var untrusted = channel(other, security, MailReceiver.PASSWORD, Optional.empty(), "a@example.com");
            assertThat(reason(mails.send(mail(untrusted)))).contains("no TLS with the server");
            assertThat(other.received()).isEmpty();
        }
    }

    @Test
    void a_server_without_starttls_gets_neither_login_nor_message() throws Exception {
        try (var plain = MailReceiver.plain(folder)) {
            var channel = channel(plain, Security.STARTTLS, MailReceiver.PASSWORD, Optional.empty(), "a@example.com");
            assertThat(mails.send(mail(channel))).isInstanceOfSatisfying(Delivery.Failed.class, failed -> {
                assertThat(failed.reason()).contains("STARTTLS");
                assertThat(failed.maybeDelivered()).isFalse();
            });
            assertThat(plain.received()).isEmpty();
        }
    }

    @Test
    void a_refused_login_is_reported_without_it() throws Exception {
        try (var server = MailReceiver.encrypted(folder, Encryption.STARTTLS, "localhost")) {
            var channel = channel(
                    server, Security.STARTTLS, "another-password", Optional.of(server.certificate()), "a@example.com");
            assertThat(mails.send(mail(channel)))
                    .isEqualTo(new Delivery.Failed("the server refused the login", false, Optional.empty()));
            assertThat(server.sessions())
                    .as("the library makes no connection of its own")
                    .isOne();
        }
    }

    @Test
    void a_recipient_that_the_server_refuses_does_not_stop_the_others() throws Exception {
        try (var server = MailReceiver.plain(folder)) {
            var one = channel(server, Security.NONE, "", Optional.empty(), "nobody@example.com", "a@example.com");
            assertThat(mails.send(mail(one))).isEqualTo(new Delivery.Delivered());
            assertThat(server.received()).extracting(MailReceiver.Received::to).containsExactly("a@example.com");
            var none = channel(server, Security.NONE, "", Optional.empty(), "nobody@example.com");
            assertThat(reason(mails.send(mail(none)))).isEqualTo("the server refused the sender or every recipient");
        }
    }

    @Test
    void text_of_others_makes_no_header_and_no_recipient() throws Exception {
        try (var server = MailReceiver.plain(folder)) {
            var channel = channel(server, Security.NONE, "", Optional.empty(), "a@example.com");
            var hostile = new Notification(
                    7,
                    "mail",
                    Notification.Kind.RAISED,
                    new Notification.About(
                            "feed_down\r\nBcc: evil@example.com",
                            "K1\r\n\r\nbody",
                            "P1",
                            "text\r\n.\r\nMAIL FROM:<evil@example.com>\r\nBcc: evil@example.com",
                            AT,
                            Optional.empty()),
                    AT,
                    0,
                    false);
            var message = new ChannelMessages(new MessageText(AlertRules.Language.EN), "kis-gateway/sim")
                    .of(channel, List.of(hostile), AT);
            assertThat(mails.send((Message.Mail) message)).isEqualTo(new Delivery.Delivered());
            assertThat(server.received()).hasSize(1);
            var received = server.received().getFirst();
            assertThat(received.message().getHeader("Bcc")).isNull();
            assertThat(received.subject()).doesNotContain("\r", "\n");
            assertThat(received.text()).contains("MAIL FROM:<evil@example.com>");
        }
    }

    @Test
    void an_address_inside_the_network_and_a_server_without_encryption_need_to_be_allowed() throws Exception {
        var strict = new OutgoingMail(false, workers);
        try (var server = MailReceiver.encrypted(folder, Encryption.TLS, "localhost")) {
            var channel = channel(
                    server, Security.TLS, MailReceiver.PASSWORD, Optional.of(server.certificate()), "a@example.com");
            assertThat(reason(strict.send(mail(channel)))).contains("inside the network", "ALERTS_INNER_ADDRESSES");
        }
        try (var server = MailReceiver.plain(folder)) {
            assertThat(reason(strict.send(mail(channel(server, Security.NONE, "", Optional.empty(), "a@example.com")))))
                    .contains("security is none");
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void an_answer_that_is_lost_after_the_message_was_sent_leaves_it_uncertain() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            workers.execute(() -> serveAndReset(server));
            var channel = new Channel.Email(
                    "mail",
                    "localhost",
                    server.getLocalPort(),
                    Security.NONE,
                    Optional.empty(),
                    "gateway@example.com",
                    List.of("a@example.com"),
                    Optional.empty());
            assertThat(mails.send(mail(channel)))
                    .isInstanceOfSatisfying(
                            Delivery.Failed.class,
                            failed -> assertThat(failed.maybeDelivered()).isTrue());
        }
    }

    /** Takes a message and closes the connection instead of the answer to it. */
    private static void serveAndReset(ServerSocket server) {
        try (var socket = server.accept();
                var out = socket.getOutputStream();
                var in = new java.io.BufferedReader(
                        new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            out.write("220 mail.test\r\n".getBytes(StandardCharsets.US_ASCII));
            for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
                boolean data = line.equals("DATA");
                boolean command = line.startsWith("EHLO") || line.startsWith("MAIL") || line.startsWith("RCPT");
                if (data || command) {
                    out.write((data ? "354 go\r\n" : "250 ok\r\n").getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void the_password_is_in_no_text() {
        assertThat(new Channel.Email.Login("ops", Secret.of("planted-password")).toString())
                .doesNotContain("planted");
    }
}
