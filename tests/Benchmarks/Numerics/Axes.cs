using System.CommandLine;
using System.Globalization;
using VerSemi.Domain.Recipes;

namespace VerSemi.Benchmarks.Numerics;

/// <summary>What is varied, as options.</summary>
internal sealed class Axes
{
    private readonly Option<string> _widths = List("--widths", "4,8,12,16,20,24,32,48");
    private readonly Option<string> _norms = List("--norms", "batch,group");
    private readonly Option<string> _patches = List("--patches", "16,32,48");
    private readonly Option<string> _batches = List("--batches", "2,4");
    private readonly Option<string> _precisions = List("--precisions", "float32,bfloat16");
    private readonly Option<int> _steps = new("--steps") { DefaultValueFactory = _ => 20 };

    public Option<string> Threads { get; } = List("--threads", "1,2");

    private Option<string>[] Recipe => [_widths, _norms, _patches, _batches, _precisions];

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[.. Recipe, Threads, _steps])
            command.Add(option);
    }

    public static string[] Of(ParseResult parsed, Option<string> option) => parsed.GetValue(option)!.Split(',');

    /// <summary>The same values for another process.</summary>
    public string[] Arguments(ParseResult parsed, string threads) =>
        ["--threads", threads, "--steps", $"{parsed.GetValue(_steps)}", .. Recipe.SelectMany(option => (string[])[option.Name, parsed.GetValue(option)!])];

    public IEnumerable<TrainingRecipe> Recipes(ParseResult parsed) =>
        from width in Of(parsed, _widths)
        from norm in Of(parsed, _norms)
        from patch in Of(parsed, _patches)
        from batch in Of(parsed, _batches)
        from precision in Of(parsed, _precisions)
        let side = int.Parse(patch, CultureInfo.InvariantCulture)
        let samples = int.Parse(batch, CultureInfo.InvariantCulture)
        let steps = parsed.GetValue(_steps)
        select new TrainingRecipe
        {
            Width = int.Parse(width, CultureInfo.InvariantCulture),
            Norm = Enum.Parse<FeatureNorm>(norm, ignoreCase: true),
            Precision = Enum.Parse<TrunkPrecision>(precision, ignoreCase: true),
            Patch = [side, side, side],
            LabelledBatch = samples,
            UnlabelledBatch = samples,
            Stage1Steps = steps / 2,
            Stage2Steps = steps - steps / 2,
            GradientClip = 5,
        };

    private static Option<string> List(string name, string all) => new(name) { Description = $"Comma-separated, of {all}", DefaultValueFactory = _ => all };
}
