package kr.kisgateway.gateway.notification;

import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import nl.altindag.ssl.SSLFactory;
import nl.altindag.ssl.exception.GenericException;
import nl.altindag.ssl.pem.util.PemUtils;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends e-mail by SMTP, with TLS from the beginning or by STARTTLS, which is required then. The connection is made here, so that
 * addresses are checked where the name is resolved, and the certificate has to be that of the name.
 */
final class OutgoingMail {
    /** As RFC 5322 writes it. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final Logger LOG = LoggerFactory.getLogger("gateway.alert");
    private static final String SMTP = "mail.smtp.";

    private final boolean allowsInner;
    private final Executor workers;

    /** @param allowsInner whether addresses inside the network, and servers without TLS, are allowed */
    OutgoingMail(boolean allowsInner, Executor workers) {
        this.allowsInner = allowsInner;
        this.workers = workers;
    }

    Delivery send(Message.Mail mail) {
        var channel = mail.channel();
        if (!allowsInner && channel.security() == Channel.Email.Security.NONE) {
            return Delivery.notSent("security is none; ALERTS_INNER_ADDRESSES=true allows that, if it is meant");
        }
        SSLSocketFactory tls;
        try {
            tls = tls(channel);
        } catch (GenericException _) {
            return Delivery.notSent("the file of ca cannot be read, or has no certificate in PEM");
        }
        try (Socket socket = connect(channel)) {
            // The other limits begin again with each byte of an answer.
            CompletableFuture.delayedExecutor(Delivery.LIMIT.toMillis() * 2, TimeUnit.MILLISECONDS, workers)
                    .execute(() -> close(socket));
            return send(mail, secured(socket, channel, tls), tls);
        } catch (OuterAddresses.InnerAddressException e) {
            return Delivery.notSent(String.valueOf(e.getMessage()));
        } catch (UnknownHostException _) {
            return Delivery.notSent("the name of the host is unknown");
        } catch (SSLException _) {
            return Delivery.notSent("no TLS with the server, or a certificate that is not trusted or not of its name");
        } catch (IOException e) {
            return Delivery.notSent("the connection failed: " + e.getClass().getSimpleName());
        }
    }

    private static SSLSocketFactory tls(Channel.Email channel) {
        return channel.ca()
                .map(file -> SSLFactory.builder()
                        .withTrustMaterial(PemUtils.loadTrustMaterial(file))
                        .build()
                        .getSslSocketFactory())
                .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** Each address is tried once. It keeps the name as it is configured, by which the certificate is checked. */
    private Socket connect(Channel.Email channel) throws IOException {
        IOException last = new UnknownHostException(channel.host());
        for (InetAddress address : OuterAddresses.resolve(channel.host(), allowsInner)) {
            var socket = new Socket();
            try {
                socket.setSoTimeout((int) Delivery.LIMIT.toMillis());
                var named = InetAddress.getByAddress(channel.host(), address.getAddress());
                socket.connect(new InetSocketAddress(named, channel.port()), (int) Delivery.LIMIT.toMillis());
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private static Socket secured(Socket socket, Channel.Email channel, SSLSocketFactory tls) throws IOException {
        if (channel.security() != Channel.Email.Security.TLS) {
            return socket;
        }
        var secured = (SSLSocket) tls.createSocket(socket, channel.host(), channel.port(), true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private Delivery send(Message.Mail mail, Socket socket, SSLSocketFactory tls) {
        var channel = mail.channel();
        var session = Session.getInstance(properties(channel, socket, tls));
        boolean sending = false;
        try (var transport = new SMTPTransport(session, address(channel))) {
            var message = message(mail, session);
            transport.connect(socket);
            sending = true;
            transport.sendMessage(message, message.getAllRecipients());
            return new Delivery.Delivered();
        } catch (AuthenticationFailedException _) {
            return Delivery.notSent("the server refused the login");
        } catch (SendFailedException e) {
            return refused(e);
        } catch (MessagingException e) {
            return failed(e, sending);
        }
    }

    /** A server that takes the message for one of several addresses has it. */
    private static Delivery refused(SendFailedException e) {
        Address[] sent = e.getValidSentAddresses();
        if (sent != null && sent.length > 0) {
            LOG.warn("mail_partly_refused taken={}", sent.length);
            return new Delivery.Delivered();
        }
        if (!(e instanceof SMTPSendFailedException answer)) {
            return Delivery.notSent("the server refused the sender or every recipient");
        }
        return answer.getReturnCode() > 0
                ? Delivery.notSent("the server answered " + answer.getReturnCode())
                : new Delivery.Failed("the server ended the connection without an answer", true, Optional.empty());
    }

    private static Delivery failed(MessagingException e, boolean sending) {
        Exception cause = e.getNextException() == null ? e : e.getNextException();
        if (cause instanceof SSLException) {
            return Delivery.notSent("no TLS with the server, or a certificate that is not trusted or not of its name");
        }
        String reason = cause instanceof SocketTimeoutException
                ? "the server did not answer in time"
                : cause instanceof IOException
                        ? "the connection failed: " + cause.getClass().getSimpleName()
                        : "the server does not speak SMTP as required (STARTTLS, login)";
        return new Delivery.Failed(reason, sending, Optional.empty());
    }

    private static Properties properties(Channel.Email channel, Socket socket, SSLSocketFactory tls) {
        var properties = new Properties();
        boolean startTls = channel.security() == Channel.Email.Security.STARTTLS;
        properties.setProperty(SMTP + "auth", String.valueOf(channel.login().isPresent()));
        properties.setProperty(SMTP + "starttls.enable", String.valueOf(startTls));
        properties.setProperty(SMTP + "starttls.required", String.valueOf(startTls));
        properties.setProperty(SMTP + "ssl.checkserveridentity", "true");
        properties.put(SMTP + "ssl.socketFactory", tls);
        properties.put(SMTP + "socketFactory", new NoSockets());
        properties.setProperty(SMTP + "socketFactory.fallback", "false");
        properties.setProperty(SMTP + "timeout", String.valueOf(Delivery.LIMIT.toMillis()));
        properties.setProperty(SMTP + "sendpartial", "true");
        // Instead of the machine's name, which would be looked up and published.
        properties.setProperty(
                SMTP + "localhost", "[" + socket.getLocalAddress().getHostAddress() + "]");
        return properties;
    }

    /** With the login: the library opens another connection by itself where it has to request one. */
    private static URLName address(Channel.Email channel) {
        return channel.login()
                .map(login -> new URLName(
                        "smtp",
                        channel.host(),
                        channel.port(),
                        null,
                        login.user(),
                        login.password().reveal()))
                .orElseGet(() -> new URLName("smtp", channel.host(), channel.port(), null, null, null));
    }

    /** The library must not make connections: neither address nor certificate of them would be checked. */
    private static final class NoSockets extends SocketFactory {
        @Override
        public Socket createSocket() throws IOException {
            throw new IOException("connections are made by OutgoingMail");
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return createSocket();
        }

        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket();
        }
    }

    private static MimeMessage message(Message.Mail mail, Session session) throws MessagingException {
        var channel = mail.channel();
        var message = new IdentifiedMessage(session, "<" + mail.id() + "@" + domain(channel.from()) + ">");
        message.setFrom(new InternetAddress(channel.from(), true));
        for (String to : channel.to()) {
            message.addRecipient(RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(mail.subject(), StandardCharsets.UTF_8.name());
        message.setText(mail.text(), StandardCharsets.UTF_8.name());
        message.setHeader("Date", DATE.format(mail.at()));
        // No automatic answers.
        message.setHeader("Auto-Submitted", "auto-generated");
        message.saveChanges();
        return message;
    }

    private static String domain(String address) {
        return address.substring(address.indexOf('@') + 1);
    }

    /** Its id is the same when it is sent again, so that receivers can join the two. */
    private static final class IdentifiedMessage extends MimeMessage {
        private final String id;

        private IdentifiedMessage(Session session, String id) {
            super(session);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("mail_connection_not_closed", e);
        }
    }
}
