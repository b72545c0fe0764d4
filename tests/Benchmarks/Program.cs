using System.CommandLine;
using VerSemi.Benchmarks.Experiments;

// Programs that measure, not tests: each prints Markdown, and docs/benchmarks.md says which command made which table.
return await new RootCommand("Experiments and benchmarks of VerSemi") { ExperimentsCommand.Create() }.Parse(args).InvokeAsync();
