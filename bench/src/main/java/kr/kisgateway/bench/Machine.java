package kr.kisgateway.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * The machine and flags of a measurement.
 *
 * @param cpu the processor's name; empty where the system does not report it
 * @param load runnable processes of the last minute when the run began: above a few tenths other programs were running
 * @param flags of each program's JVM, by its section of {@code jvm.flags}
 */
record Machine(
        String os,
        String cpu,
        int cores,
        long memoryMb,
        String jdk,
        double load,
        SequencedMap<String, List<String>> flags) {

    static Machine current(BenchEnvironment environment) {
        var system = ManagementFactory.getOperatingSystemMXBean();
        var memory =
                system instanceof com.sun.management.OperatingSystemMXBean bean ? bean.getTotalMemorySize() >> 20 : 0;
        var flags = new TreeMap<String, List<String>>();
        environment.gatewayFlags().ifPresent(found -> flags.put("gateway", found));
        flags.put(
                "bench",
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(flag -> !flag.startsWith("-Dkis."))
                        .map(environment::withoutHome)
                        .toList());
        return new Machine(
                system.getName() + " " + system.getVersion() + " " + system.getArch(),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                memory,
                System.getProperty("java.vendor") + " " + Runtime.version(),
                system.getSystemLoadAverage(),
                flags);
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%s, %s%d cores, %,d MB, %s, load %.1f at the start",
                os,
                cpu.isEmpty() ? "" : cpu + ", ",
                cores,
                memoryMb,
                jdk,
                load);
    }

    void write(ObjectNode node) {
        node.put("os", os);
        node.put("cpu", cpu);
        node.put("cores", cores);
        node.put("memory_mb", memoryMb);
        node.put("jdk", jdk);
        node.put("load_average", Math.round(load * 100) / 100.0);
        var all = node.putObject("jvm_flags");
        flags.forEach((section, list) -> list.forEach(all.withArray(section)::add));
    }

    private static String processor() {
        var file = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(file)) return "";
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return ""; // a figure without the processor's name is still one
        }
    }
}
