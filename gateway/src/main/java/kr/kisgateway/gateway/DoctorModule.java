package kr.kisgateway.gateway;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import kr.kisgateway.client.setup.StoreKey;
import kr.kisgateway.gateway.doctor.DatabaseChecks;
import kr.kisgateway.gateway.doctor.Doctor.Step;
import kr.kisgateway.gateway.doctor.DoctorItem;
import kr.kisgateway.gateway.doctor.FileChecks;
import kr.kisgateway.gateway.doctor.Finding;
import kr.kisgateway.gateway.doctor.NetworkChecks;
import kr.kisgateway.gateway.doctor.PortChecks;
import kr.kisgateway.gateway.doctor.SetupChecks;
import kr.kisgateway.gateway.secret.SecretFile;
import kr.kisgateway.gateway.settings.BrokerDefaults;
import kr.kisgateway.gateway.settings.DoctorSettings;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.Settings;

/** The checks of {@code doctor}: from where each has its settings. */
final class DoctorModule {
    private DoctorModule() {}

    /** All checks, in their order; nothing is checked yet. */
    static List<Step> steps(DoctorSettings doctor, BrokerDefaults defaults, Path workingDir, InstantSource clock) {
        var settings = doctor.settings();
        var setup = new SetupChecks(doctor, defaults, clock.instant());
        var steps = new ArrayList<>(List.of(
                new Step(DoctorItem.SETTINGS, setup::settings),
                new Step(DoctorItem.KEYS, setup::keys),
                new Step(DoctorItem.ACCOUNTS, setup::accounts),
                new Step(DoctorItem.HTS_ID, setup::htsId),
                new Step(DoctorItem.LIMITS, setup::limits),
                new Step(DoctorItem.LIVE_TRADING, setup::liveTrading),
                new Step(DoctorItem.REGISTRATIONS, setup::registrations),
                new Step(DoctorItem.TRADING_DAY, setup::tradingDay)));
        addNetwork(steps, doctor, clock);
        addFiles(steps, doctor, workingDir, clock);
        addPorts(steps, settings, clock);
        return List.copyOf(steps);
    }

    private static void addNetwork(List<Step> steps, DoctorSettings doctor, InstantSource clock) {
        var kis = doctor.settings().kis();
        boolean simulated = doctor.settings().environment() == KisEnvironment.SIM;
        if (simulated || kis.restBase().isEmpty() || kis.wsBase().isEmpty()) {
            Stream.of(
                            DoctorItem.CLOCK,
                            DoctorItem.DNS,
                            DoctorItem.TLS,
                            DoctorItem.WEBSOCKET,
                            DoctorItem.PLAIN_TEXT,
                            DoctorItem.EGRESS)
                    .forEach(item ->
                            steps.add(new Step(item, () -> SetupChecks.notApplicable(item, doctor.environment()))));
            return;
        }
        URI rest = kis.restBase().get();
        URI ws = kis.wsBase().get();
        steps.add(new Step(DoctorItem.CLOCK, () -> NetworkChecks.clock(rest, clock)));
        steps.add(new Step(DoctorItem.DNS, () -> NetworkChecks.dns(List.of(rest, ws))));
        steps.add(new Step(DoctorItem.TLS, () -> NetworkChecks.tls(rest, clock.instant())));
        steps.add(new Step(DoctorItem.WEBSOCKET, () -> NetworkChecks.websocket(ws)));
        steps.add(new Step(DoctorItem.PLAIN_TEXT, () -> NetworkChecks.plainText(ws)));
        steps.add(new Step(DoctorItem.EGRESS, egress(doctor)));
    }

    private static Supplier<Finding> egress(DoctorSettings doctor) {
        List<String> allowed =
                doctor.settings().egress().map(Settings.Egress::allowed).orElse(List.of());
        return doctor.addressService()
                .<Supplier<Finding>>map(service -> () -> NetworkChecks.egress(service, allowed))
                .orElse(() -> Finding.skipped(
                        DoctorItem.EGRESS,
                        "NETWORK_ADDRESS_URL is not set, and KIS does not report the address that it sees",
                        "NETWORK_ADDRESS_URL 이 없고, KIS는 자신이 보는 주소를 알려 주지 않습니다"));
    }

    private static void addFiles(List<Step> steps, DoctorSettings doctor, Path workingDir, InstantSource clock) {
        var settings = doctor.settings();
        Path folder = settings.dataDir();
        Path root = Optional.ofNullable(folder.getParent()).orElse(folder);
        var secret = new ArrayList<>(
                List.of(root.resolve(SecretFile.NAME), settings.configDir().resolve(StoreKey.FILE)));
        doctor.secretsIn().forEach(name -> secret.add(workingDir.resolve(name)));
        settings.http().tls().flatMap(Settings.Tls::key).ifPresent(secret::add);
        boolean isProtecting = DataFolder.isUsed(folder) || Files.exists(root.resolve(SecretFile.NAME));
        steps.add(new Step(
                DoctorItem.DISK,
                () -> FileChecks.disk(folder, settings.journal().diskLow())));
        steps.add(new Step(DoctorItem.PERMISSIONS, () -> FileChecks.permissions(folder, secret)));
        steps.add(new Step(
                DoctorItem.MASTER_KEY,
                () -> FileChecks.masterKey(settings.secrets().masterKeys(), isProtecting)));
        String environment = settings.environment().wireName();
        var database = settings.cluster().map(Settings.Cluster::database);
        Path journal = folder.resolve(OrderModule.JOURNAL);
        steps.add(new Step(
                DoctorItem.JOURNAL,
                () -> database.map(address ->
                                DatabaseChecks.journal(address, journal, environment, ClusterNode.LEASE, clock))
                        .orElseGet(() -> FileChecks.journal(journal, environment, Platform::precedesJournal))));
        steps.add(new Step(
                DoctorItem.BACKUP,
                () -> database.map(DatabaseChecks::backup)
                        .orElseGet(
                                () -> FileChecks.backup(settings.backup(), settings.environment(), clock.instant()))));
    }

    /** The ports that a gateway with {@code settings} listens on, the API's first. */
    static List<PortChecks.OwnPort> ports(Settings settings) {
        var ports = new ArrayList<>(
                List.of(new PortChecks.OwnPort("GATEWAY_PORT", settings.http().port())));
        if (settings.face().enabled()) {
            ports.add(new PortChecks.OwnPort("KIS_FACE_PORT", settings.face().port()));
        }
        boolean embedded = settings.environment() == KisEnvironment.SIM
                && settings.simulator().url().isEmpty();
        if (embedded) {
            ports.add(new PortChecks.OwnPort(
                    "SIMULATOR_PORT", settings.simulator().port()));
        }
        return ports;
    }

    private static void addPorts(List<Step> steps, Settings settings, InstantSource clock) {
        steps.add(new Step(DoctorItem.CERTIFICATE, () -> certificate(settings, clock)));
        steps.add(new Step(
                DoctorItem.PORTS,
                () -> PortChecks.ports(
                        settings.http().bind(),
                        ports(settings),
                        PublishedAddress.ofApi(settings.dataDir()).running(),
                        ownCertificate(settings),
                        BindProblem::describe)));
    }

    private static Finding certificate(Settings settings, InstantSource clock) {
        try {
            return PortChecks.certificate(chain(settings), settings.http().bind(), clock.instant());
        } catch (StartException | IOException | GeneralSecurityException e) {
            return PortChecks.unusableCertificate(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<X509Certificate> ownCertificate(Settings settings) {
        try {
            return chain(settings).stream().findFirst();
        } catch (StartException | IOException | GeneralSecurityException _) {
            return Optional.empty();
        }
    }

    /** The certificates of the ports, when they can be used; none where none are set. */
    private static List<X509Certificate> chain(Settings settings) throws IOException, GeneralSecurityException {
        var tls = settings.http().tls();
        if (tls.isEmpty()) {
            return List.of();
        }
        HttpModule.openTls(tls.get()).close();
        return TlsCommand.certificates(tls.get().certificate(), tls.get().password());
    }
}
