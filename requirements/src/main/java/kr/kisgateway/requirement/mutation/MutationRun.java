package kr.kisgateway.requirement.mutation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** The mutants of one run of PIT, from its {@code mutations.xml}. */
record MutationRun(List<Mutant> mutants) {
    static MutationRun read(Path report) throws IOException {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        try (var in = Files.newInputStream(report)) {
            return new MutationRun(mutants(factory.createXMLStreamReader(in)));
        } catch (XMLStreamException e) {
            throw new IOException(report.getFileName() + " is no report of PIT: " + e.getMessage(), e);
        }
    }

    private static List<Mutant> mutants(XMLStreamReader xml) throws XMLStreamException {
        List<Mutant> mutants = new ArrayList<>();
        String status = "";
        boolean isDetected = false;
        String type = "";
        String method = "";
        int line = 0;
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (xml.getLocalName()) {
                case "mutation" -> {
                    status = xml.getAttributeValue("", "status");
                    isDetected = Boolean.parseBoolean(xml.getAttributeValue("", "detected"));
                }
                case "mutatedClass" -> type = xml.getElementText();
                case "mutatedMethod" -> method = xml.getElementText();
                case "lineNumber" -> line = Integer.parseInt(xml.getElementText());
                case "description" ->
                    mutants.add(new Mutant(
                            new Mutant.Place(simpleName(type) + "." + method, shorten(xml.getElementText())),
                            line,
                            !"NO_COVERAGE".equals(status),
                            isDetected));
                default -> {
                    // not needed
                }
            }
        }
        return mutants;
    }

    private static String simpleName(String type) {
        return type.substring(type.lastIndexOf('.') + 1).replace('$', '.');
    }

    /** {@code removed call to kr/kisgateway/market/Csv::close} as {@code removed call to Csv::close}. */
    private static String shorten(String description) {
        return description.replaceAll("[\\w$]+/", "").replaceAll("(\\w+\\.)+(?=[A-Z])", "");
    }

    long detected() {
        return mutants.stream().filter(Mutant::isDetected).count();
    }

    long uncovered() {
        return mutants.stream().filter(mutant -> !mutant.isCovered()).count();
    }

    int survived() {
        return (int) (mutants.size() - detected() - uncovered());
    }

    /** Detected ones of a hundred; of a run that has mutants. */
    double score() {
        return 100.0 * detected() / mutants.size();
    }

    /** The lines of those that no test notices, by place. */
    SortedMap<Mutant.Place, List<Integer>> unnoticed() {
        SortedMap<Mutant.Place, List<Integer>> unnoticed =
                new TreeMap<>(Comparator.comparing(Mutant.Place::method).thenComparing(Mutant.Place::change));
        for (Mutant mutant : mutants) {
            if (!mutant.isDetected()) {
                unnoticed
                        .computeIfAbsent(mutant.place(), _ -> new ArrayList<>())
                        .add(mutant.line());
            }
        }
        return unnoticed;
    }
}
