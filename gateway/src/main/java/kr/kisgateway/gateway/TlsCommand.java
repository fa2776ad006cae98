package kr.kisgateway.gateway;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.doctor.CertificateEnd;
import kr.kisgateway.gateway.file.AtomicFile;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.gateway.settings.TlsSettings;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.CommandLines;
import kr.kisgateway.terminal.UsageException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tls self-signed|show}: certificates of the gateway's ports. */
@Command(
        synopsisSubcommandLabel = "COMMAND",
        description = "The certificate of the gateway's ports.%n" + "게이트웨이 포트의 인증서를 만들거나 보여 줍니다.",
        footer = {
            "",
            "Exit codes",
            "  0  done",
            "  1  the certificate cannot be used, has expired or expires within 14 days, or cannot be made",
            "  2  usage error",
        })
final class TlsCommand {
    private static final int UNUSABLE = 1;
    private static final int DAYS_MAX = 825;
    private static final int TOOL_SECONDS = 60;
    private static final int PASSWORD_BYTES = 24;
    private static final int LINE = 64;
    private static final String ALIAS = "gateway";
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9-]+)*");

    private final CommandEnvironment process;

    TlsCommand(CommandEnvironment process) {
        this.process = process;
    }

    /** Adds {@code tls} and its commands. */
    void addTo(CommandLine root) {
        var line = CommandLines.add(root, "tls", this);
        CommandLines.add(line, "self-signed", new SelfSigned());
        CommandLines.add(line, "show", new Show());
    }

    @Command(
            description = "Make a certificate that the gateway signs itself, for callers who are given it.%n"
                    + "자체 서명 인증서를 만듭니다. 호출하는 쪽에 이 인증서를 전달해야 합니다.",
            footer = {"", "Callers trust it by GATEWAY_CA=cert.pem (./kis), --cacert cert.pem (curl)."})
    private final class SelfSigned implements Callable<Integer> {
        @Option(
                names = "--host",
                paramLabel = "NAMES",
                description = "names and addresses of the gateway, commas between (localhost,127.0.0.1)")
        private String hosts = "localhost,127.0.0.1";

        @Option(names = "--days", paramLabel = "N", description = "days that it is valid, 825 at most (365)")
        private int days = 365;

        @Option(names = "--out", paramLabel = "DIR", description = "folder of cert.pem and key.pem (./tls)")
        private String out = "tls";

        @Override
        public Integer call() {
            if (days < 1 || days > DAYS_MAX) {
                throw new UsageException("--days must be from 1 to " + DAYS_MAX + ".");
            }
            var names = Arrays.stream(hosts.split(",")).map(String::strip).toList();
            names.stream().filter(name -> !isHost(name)).findFirst().ifPresent(name -> {
                throw new UsageException("--host: \"" + name + "\" is no name and no address.");
            });
            Path folder = process.workingDir().resolve(out);
            Path certificate = folder.resolve("cert.pem");
            Path key = folder.resolve("key.pem");
            if (Files.exists(certificate) || Files.exists(key)) {
                throw new UsageException(folder + " has a certificate already; name another folder by --out.");
            }
            try {
                Files.createDirectories(folder);
                make(names, days, folder, certificate, key);
            } catch (IOException | GeneralSecurityException e) {
                process.notes().page("The certificate cannot be made: " + e.getMessage());
                return UNUSABLE;
            }
            process.screen().line("GATEWAY_TLS_CERT=" + certificate);
            process.screen().line("GATEWAY_TLS_KEY=" + key);
            process.notes()
                    .page("Valid for " + days + " days for " + String.join(", ", names)
                            + ". Give cert.pem to the callers; key.pem stays here."
                            + " (cert.pem 만 호출하는 쪽에 전달하고, key.pem 은 이 컴퓨터에 두십시오.)");
            return 0;
        }
    }

    private static boolean isHost(String name) {
        return HOST.matcher(name).matches()
                || name.indexOf('/') < 0 && Network.parse(name).isPresent();
    }

    /** By the JDK's own tool: its libraries have no public way to make a certificate. The password is in its environment alone. */
    private static void make(List<String> names, int days, Path folder, Path certificate, Path key)
            throws IOException, GeneralSecurityException {
        Path store = Files.createTempFile(folder, ".store", ".p12");
        try {
            Files.delete(store);
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            String password = HexFormat.of().formatHex(random);
            runTool(store, password, names, days);
            var keys = KeyStore.getInstance("PKCS12");
            try (var in = Files.newInputStream(store)) {
                keys.load(in, password.toCharArray());
            }
            var secret = keys.getKey(ALIAS, password.toCharArray());
            AtomicFile.writeForOwner(key, pem("PRIVATE KEY", secret.getEncoded()));
            Files.write(
                    certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        } finally {
            Files.deleteIfExists(store);
        }
    }

    private static void runTool(Path store, String password, List<String> names, int days) throws IOException {
        var tool = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                ALIAS,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + names.getFirst(),
                "-ext",
                "SAN="
                        + names.stream()
                                .map(name -> (Network.parse(name).isPresent() ? "ip:" : "dns:") + name)
                                .collect(Collectors.joining(",")),
                "-validity",
                String.valueOf(days),
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass:env",
                "KIS_STORE_PASSWORD");
        tool.environment().put("KIS_STORE_PASSWORD", password);
        var running = tool.redirectErrorStream(true).start();
        try {
            running.getOutputStream().close();
            String output = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!running.waitFor(TOOL_SECONDS, TimeUnit.SECONDS) || running.exitValue() != 0) {
                throw new IOException("keytool of the JDK failed: " + output.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            running.destroyForcibly();
        }
    }

    private static byte[] pem(String kind, byte[] bytes) {
        return ("-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(bytes) + "\n-----END " + kind
                        + "-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Command(
            description = "The certificate that is set: its names, validity and fingerprint.%n"
                    + "설정된 인증서의 이름, 유효 기간, 지문을 보여 줍니다.")
    private final class Show implements Callable<Integer> {
        @Override
        public Integer call() {
            TlsSettings settings = SettingsLoader.tls(process.variables(), process.workingDir(), process.homeDir());
            if (!settings.problems().isEmpty()) {
                throw new UsageException(String.join("\n", settings.problems()));
            }
            if (settings.tls().isEmpty()) {
                process.screen().line("No certificate is set (GATEWAY_TLS_CERT): the ports speak plain HTTP.");
                process.screen().line("인증서가 설정되지 않아 포트가 암호화되지 않습니다.");
                return 0;
            }
            var tls = settings.tls().get();
            try {
                HttpModule.openTls(tls).close();
                return show(certificates(tls.certificate(), tls.password()));
            } catch (StartException | IOException | GeneralSecurityException e) {
                process.notes().page(String.valueOf(e.getMessage()));
                return UNUSABLE;
            }
        }
    }

    private int show(List<X509Certificate> chain) throws GeneralSecurityException {
        Instant now = process.clock().instant();
        var own = chain.getFirst();
        Instant until = own.getNotAfter().toInstant();
        long days = Duration.between(now, until).toDays();
        var screen = process.screen();
        screen.line("subject      " + own.getSubjectX500Principal().getName());
        screen.line("names        " + String.join(", ", names(own)));
        screen.line("issuer       " + own.getIssuerX500Principal().getName());
        screen.line("valid        "
                + own.getNotBefore().toInstant().atZone(TradingCalendar.SEOUL).toLocalDate() + " to "
                + until.atZone(TradingCalendar.SEOUL).toLocalDate()
                + (until.isBefore(now) ? ", EXPIRED" : ", " + days + " days left"));
        screen.line("fingerprint  SHA-256 "
                + HexFormat.ofDelimiter(":")
                        .withUpperCase()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(own.getEncoded())));
        screen.line("chain        " + chain.size() + (chain.size() == 1 ? " certificate" : " certificates"));
        return new CertificateEnd(own, now).isSoon() ? UNUSABLE : 0;
    }

    private static List<String> names(X509Certificate certificate) throws GeneralSecurityException {
        return Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
                .flatMap(java.util.Collection::stream)
                .map(name -> String.valueOf(name.get(1)))
                .toList();
    }

    /** The certificates of a file in PEM or PKCS#12, the own one first. */
    static List<X509Certificate> certificates(Path file, Optional<Secret> password)
            throws IOException, GeneralSecurityException {
        var chain = new ArrayList<Certificate>();
        try (var in = Files.newInputStream(file)) {
            if (password.isPresent()) {
                var keys = KeyStore.getInstance("PKCS12");
                keys.load(in, password.get().reveal().toCharArray());
                for (String alias : java.util.Collections.list(keys.aliases())) {
                    if (keys.isKeyEntry(alias)) {
                        chain.addAll(Arrays.asList(keys.getCertificateChain(alias)));
                    }
                }
            } else {
                chain.addAll(CertificateFactory.getInstance("X.509").generateCertificates(in));
            }
        }
        return chain.stream()
                .filter(X509Certificate.class::isInstance)
                .map(X509Certificate.class::cast)
                .toList();
    }
}
