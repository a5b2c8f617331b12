package dev.cdp.benchmarks;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import dev.cdp.core.catalog.Catalog;
import dev.cdp.core.validation.EventValidator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** How long a catalog takes to load from files, and its validator to compile. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CatalogBenchmark {

    /** How many events, of 20 fields each. */
    @Param({"10", "100", "1000"})
    public int events;

    @SuppressWarnings("NullAway.Init") // by prepare()
    private Path file;

    /** Writes the catalog. */
    @Setup
    public void prepare() {
        file = GeneratedCatalog.of(events);
    }

    /** From files to a catalog. */
    @Benchmark
    public Catalog load() {
        return Catalog.load(file);
    }

    /** From files to a validator that is ready. */
    @Benchmark
    public EventValidator loadAndCompile() {
        return EventValidator.of(Catalog.load(file));
    }
}
