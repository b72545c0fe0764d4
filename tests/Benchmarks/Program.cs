using System.CommandLine;
using VerSemi.Benchmarks.Experiments;
using VerSemi.Benchmarks.Speed;

// Programs that measure, not tests: each prints Markdown, and docs/benchmarks.md says which command made which table.
return await new RootCommand("Experiments and benchmarks of VerSemi") { ExperimentsCommand.Create(), SpeedBenchmark.Create() }.Parse(args).InvokeAsync();
