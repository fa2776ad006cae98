package kr.kisgateway.gateway;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;
import org.subethamail.smtp.server.SessionHandler;

/** A mail server on this machine, with a certificate for one name, and one login where one is required. */
public final class MailReceiver implements AutoCloseable {
    public static final String USER = "ops@example.com";
    public static final String PASSWORD = "planted-p@ss:w/%41 ord";
    private static final String STORE_PASSWORD = "changeit";

    /** How the server encrypts. */
    public enum Encryption {
        NONE,
        TLS,
        STARTTLS
    }

    /** What was received, and for which address. */
    public record Received(String to, MimeMessage message) {
        public String subject() {
            try {
                return message.getSubject();
            } catch (MessagingException e) {
                throw new AssertionError(e);
            }
        }

        public String text() {
            try {
                return String.valueOf(message.getContent());
            } catch (MessagingException | IOException e) {
                throw new AssertionError(e);
            }
        }

        public String header(String name) {
            try {
                return String.join(",", message.getHeader(name));
            } catch (MessagingException e) {
                throw new AssertionError(e);
            }
        }
    }

    private final SMTPServer server;
    private final Path certificate;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger sessions = new AtomicInteger();

    private MailReceiver(Path folder, Encryption encryption, String name) throws Exception {
        var builder = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .hostName("mail.test")
                .sessionHandler(new SessionHandler() {
                    @Override
                    public SessionAcceptance accept(org.subethamail.smtp.server.Session session) {
                        sessions.incrementAndGet();
                        return SessionAcceptance.success();
                    }

                    @Override
                    public void onSessionEnd(org.subethamail.smtp.server.Session session) {
                        // nothing is counted
                    }
                })
                .simpleMessageListener(new Listener());
        if (encryption == Encryption.NONE) {
            certificate = folder;
        } else {
            var store = generate(folder, name);
            certificate = export(folder, store);
            var context = context(store);
            builder.requireAuth()
                    .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((user, password, _) -> {
                        if (!user.equals(USER) || !password.equals(PASSWORD)) {
                            throw new LoginFailedException("wrong");
                        }
                    }));
            if (encryption == Encryption.TLS) {
                builder.serverSocketFactory(context);
            } else {
                builder.enableTLS().requireTLS().startTlsSocketFactory(context);
            }
        }
        server = builder.build();
        server.start();
    }

    /** A server without encryption and login. */
    public static MailReceiver plain(Path folder) throws Exception {
        return new MailReceiver(folder, Encryption.NONE, "localhost");
    }

    /** @param name of the certificate */
    public static MailReceiver encrypted(Path folder, Encryption encryption, String name) throws Exception {
        return new MailReceiver(folder, encryption, name);
    }

    public int port() {
        return server.getPortAllocated();
    }

    /** How many connections there were. */
    public int sessions() {
        return sessions.get();
    }

    /** The file of its certificate, in PEM. */
    public Path certificate() {
        return certificate;
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    private final class Listener implements SimpleMessageListener {
        @Override
        public boolean accept(String from, String to) {
            return !to.startsWith("nobody@");
        }

        @Override
        public void deliver(String from, String to, InputStream data) throws IOException {
            byte[] bytes = data.readAllBytes();
            try {
                received.add(new Received(
                        to, new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes))));
            } catch (MessagingException e) {
                throw new IOException("unreadable", e);
            }
        }
    }

    private static Path generate(Path folder, String name) throws Exception {
        var store = Files.createTempDirectory(folder, "mail").resolve("store.p12");
        var tool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "SAN=dns:" + name,
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD))
                .redirectErrorStream(true)
                .start();
        if (!tool.waitFor(60, TimeUnit.SECONDS) || tool.exitValue() != 0) {
            throw new AssertionError(
                    "keytool: " + new String(tool.getInputStream().readAllBytes()));
        }
        return store;
    }

    private static KeyStore read(Path store) throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var file = Files.newInputStream(store)) {
            keys.load(file, STORE_PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path export(Path folder, Path store) throws Exception {
        var pem = Files.createTempFile(folder, "mail", ".pem");
        var encoded = Base64.getMimeEncoder()
                .encodeToString(read(store).getCertificate("mail").getEncoded());
        return Files.writeString(pem, "-----BEGIN CERTIFICATE-----\n" + encoded + "\n-----END CERTIFICATE-----\n");
    }

    private static SSLContext context(Path store) throws Exception {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(read(store), STORE_PASSWORD.toCharArray());
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() {
        server.stop();
    }
}
