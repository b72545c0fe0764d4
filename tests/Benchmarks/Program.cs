using System.CommandLine;
using VerSemi.Benchmarks.Api;
using VerSemi.Benchmarks.Experiments;
using VerSemi.Benchmarks.Faults;
using VerSemi.Benchmarks.Numerics;
using VerSemi.Benchmarks.Recovery;
using VerSemi.Benchmarks.Soak;
using VerSemi.Benchmarks.Speed;
using VerSemi.Benchmarks.Sweep;
using VerSemi.Benchmarks.Throughput;

// Programs that measure, not tests: each prints Markdown, and docs/benchmarks.md says which command made which table.
return await new RootCommand("Experiments and benchmarks of VerSemi")
{
    ExperimentsCommand.Create(),
    SpeedBenchmark.Create(),
    ThroughputBenchmark.Create(),
    FaultsCommand.Create(),
    SoakCommand.Create(),
    SweepBenchmark.Create(),
    RecoveryBenchmark.Create(),
    ApiBenchmark.Create(),
    NumericsCommand.Create(),
    ForecastCommand.Create(),
}.Parse(args).InvokeAsync();
