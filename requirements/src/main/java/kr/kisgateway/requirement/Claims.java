package kr.kisgateway.requirement;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The claims of the tests of all modules, read from their sources. */
final class Claims {
    /** For a claim of a whole class. */
    static final String ALL = "(all)";

    private static final Set<String> TESTS = Set.of(
            "Test",
            "ParameterizedTest",
            "RepeatedTest",
            "TestFactory",
            "TestTemplate",
            "Property",
            "Example",
            "FuzzTest");

    /** The names by which surefire finds the classes of tests. */
    private static final Pattern CLASS_NAME = Pattern.compile("Test.*|.*(Test|Tests|TestCase)");

    private Claims() {}

    /**
     * One test's claim of a row, and of a clause of it unless that is empty.
     *
     * @param longOnly whether it runs only with {@code ./kis test --long}
     * @param skippable whether its class skips tests for which the machine has no means
     */
    record Claim(
            String row,
            String clause,
            String module,
            String testClass,
            String test,
            boolean longOnly,
            boolean skippable) {
        String place() {
            return module + " " + testClass + ": " + test + (longOnly ? " (only with --long)" : "")
                    + (skippable ? " (skipped where the machine lacks the means)" : "");
        }
    }

    /** The claims of all tests, and the claims that no test makes. */
    record Found(List<Claim> claims, List<String> problems) {}

    static Found read(Path project) throws IOException {
        var found = new Found(new ArrayList<>(), new ArrayList<>());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> sources = sources(project);
            if (sources.isEmpty()) {
                return found;
            }
            var task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    diagnostic -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            var units = new ArrayList<CompilationUnitTree>();
            task.parse().forEach(units::add);
            Set<String> contracts = contracts(units);
            for (CompilationUnitTree unit : units) {
                Path source = Path.of(unit.getSourceFile().toUri());
                String module = project.toAbsolutePath()
                        .relativize(source.toAbsolutePath())
                        .getName(0)
                        .toString();
                boolean skippable = unit.getImports().stream()
                        .anyMatch(it -> it.getQualifiedIdentifier().toString().contains(".Assumptions"));
                unit.accept(new Reader(module, skippable, contracts, found), null);
            }
        }
        return found;
    }

    /** The names of the classes whose tests run in a class that extends them. */
    private static Set<String> contracts(List<CompilationUnitTree> units) {
        return units.stream()
                .flatMap(unit -> unit.getTypeDecls().stream())
                .filter(ClassTree.class::isInstance)
                .map(ClassTree.class::cast)
                .filter(tree -> Reader.isRun(tree, false, Set.of()) && tree.getExtendsClause() != null)
                .map(tree -> tree.getExtendsClause().toString())
                .collect(Collectors.toSet());
    }

    private static List<Path> sources(Path project) throws IOException {
        var sources = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(project)) {
            for (Path tests : modules.map(m -> m.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList()) {
                try (Stream<Path> files = Files.walk(tests)) {
                    files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(sources::add);
                }
            }
        }
        return sources;
    }

    private static final class Reader extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final String module;
        private final boolean skippable;
        private final Set<String> contracts;
        private final Found found;
        private String testClass = "";
        /** Whether tests of the current class run at all, and only among the long ones. */
        private boolean runs = true;

        private boolean longOnly;

        /** @param contracts names of the classes whose tests run in a class that extends them */
        Reader(String module, boolean skippable, Set<String> contracts, Found found) {
            this.module = module;
            this.skippable = skippable;
            this.contracts = contracts;
            this.found = found;
        }

        @Override
        public @Nullable Void visitClass(ClassTree tree, @Nullable Void none) {
            String outer = testClass;
            boolean outerRuns = runs;
            boolean outerLong = longOnly;
            String name = tree.getSimpleName().toString();
            boolean inner = !outer.isEmpty();
            testClass = inner ? outer + "." + name : name;
            runs = outerRuns && isRun(tree, inner, contracts);
            longOnly = outerLong || isLong(tree.getModifiers());
            List<MethodTree> tests = tests(tree);
            claims(
                    tree.getModifiers(),
                    ALL,
                    runs && (!tests.isEmpty() || hasInnerTests(tree)),
                    longOnly
                            || !tests.isEmpty()
                                    && tests.stream().allMatch(test -> isLong(test.getModifiers()))
                                    && !hasInnerTests(tree));
            super.visitClass(tree, none);
            testClass = outer;
            runs = outerRuns;
            longOnly = outerLong;
            return null;
        }

        @Override
        public @Nullable Void visitMethod(MethodTree tree, @Nullable Void none) {
            ModifiersTree modifiers = tree.getModifiers();
            claims(
                    modifiers,
                    tree.getName().toString().replace('_', ' '),
                    runs && isTest(modifiers),
                    longOnly || isLong(modifiers));
            return super.visitMethod(tree, none);
        }

        private void claims(ModifiersTree modifiers, String test, boolean isTest, boolean isLong) {
            for (AnnotationTree annotation : modifiers.getAnnotations()) {
                if (!simpleName(annotation).equals("Requirement")) {
                    continue;
                }
                var claim = new Claim(
                        value(annotation, "value"),
                        value(annotation, "clause"),
                        module,
                        testClass,
                        test,
                        isLong,
                        skippable);
                if (isTest) {
                    found.claims().add(claim);
                } else {
                    found.problems().add(claim.place() + " claims " + claim.row() + " and is no test that runs");
                }
            }
        }

        /** Surefire selects classes by their name, and nested classes only with JUnit's annotation. */
        private static boolean isRun(ClassTree tree, boolean inner, Set<String> contracts) {
            ModifiersTree modifiers = tree.getModifiers();
            String name = tree.getSimpleName().toString();
            if (!inner && contracts.contains(name) && modifiers.getFlags().contains(Modifier.ABSTRACT)) {
                return !has(modifiers, "Disabled");
            }
            return tree.getKind() == Tree.Kind.CLASS
                    && !modifiers.getFlags().contains(Modifier.ABSTRACT)
                    && !has(modifiers, "Disabled")
                    && (inner
                            ? has(modifiers, "Nested")
                            : CLASS_NAME.matcher(name).matches());
        }

        private static List<MethodTree> tests(ClassTree tree) {
            return tree.getMembers().stream()
                    .filter(MethodTree.class::isInstance)
                    .map(MethodTree.class::cast)
                    .filter(method -> isTest(method.getModifiers()))
                    .toList();
        }

        private static boolean hasInnerTests(ClassTree tree) {
            return tree.getMembers().stream()
                    .anyMatch(member -> member instanceof ClassTree inner
                            && isRun(inner, true, Set.of())
                            && !tests(inner).isEmpty());
        }

        private static boolean isTest(ModifiersTree modifiers) {
            Set<Modifier> flags = modifiers.getFlags();
            return modifiers.getAnnotations().stream().map(Reader::simpleName).anyMatch(TESTS::contains)
                    && !has(modifiers, "Disabled")
                    && Stream.of(Modifier.ABSTRACT, Modifier.PRIVATE, Modifier.STATIC)
                            .noneMatch(flags::contains);
        }

        private static boolean isLong(ModifiersTree modifiers) {
            return modifiers.getAnnotations().stream()
                    .anyMatch(it ->
                            simpleName(it).equals("Tag") && value(it, "value").equals("long"));
        }

        private static boolean has(ModifiersTree modifiers, String annotation) {
            return modifiers.getAnnotations().stream().map(Reader::simpleName).anyMatch(annotation::equals);
        }

        private static String simpleName(AnnotationTree annotation) {
            Tree type = annotation.getAnnotationType();
            String name = type.toString();
            return name.substring(name.lastIndexOf('.') + 1);
        }

        private static String value(AnnotationTree annotation, String key) {
            for (ExpressionTree argument : annotation.getArguments()) {
                boolean named = argument instanceof AssignmentTree;
                String name = named ? ((AssignmentTree) argument).getVariable().toString() : "value";
                ExpressionTree value = named ? ((AssignmentTree) argument).getExpression() : argument;
                if (name.equals(key)) {
                    return value instanceof LiteralTree literal ? String.valueOf(literal.getValue()) : value.toString();
                }
            }
            return "";
        }
    }
}
