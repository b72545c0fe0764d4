namespace VerSemi.TestKit;

/// <summary>A data folder, a recipe of a few steps and datasets to drop.</summary>
public sealed class Scenario : IDisposable
{
    private readonly TempFolder _folder = new();

    public Scenario(int steps = 6) => QuickRecipe.Write(Recipe, steps);

    public string Data => _folder["data"];
    public string Recipe => _folder["recipe.json"];
    public string this[string name] => _folder[name];

    public string Production => Path.Combine(Data, "models", "main", "production.json");

    /// <summary>The same number gives the same files.</summary>
    public string Dataset(int number) => TinyDataset.Write(_folder[$"tiny{number}"], seed: number);

    /// <summary>As a person's file manager does it, without a command: one move into incoming/.</summary>
    public void Drop(string folder) => Directory.Move(folder, Path.Combine(Data, "incoming", Path.GetFileName(folder)));

    public void Dispose() => _folder.Dispose();
}
