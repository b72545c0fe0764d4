using VerSemi.Domain.Recipes;

namespace VerSemi.Orchestrator.Api;

/// <summary>Who did it and why: kept in the timeline and the ledger.</summary>
public sealed record HumanAct(string Who, string? Why = null);

/// <summary>Starts a cycle by hand on the datasets as they are now. The same data, recipe and seed again is the same cycle, not a second one.</summary>
/// <param name="Recipe">In place of the line's own.</param>
/// <param name="Seed">In place of the line's own.</param>
public sealed record StartCycle(string Who, string? Why = null, string Line = "main", TrainingRecipe? Recipe = null, int? Seed = null);

/// <summary>Says that <paramref name="From"/> is only another name of <paramref name="Into"/>. Both are task ids.</summary>
public sealed record MergeTasks(string From, string Into, string Who, string? Why = null, string Line = "main");

/// <param name="To">The model's version; null: the newest one before that of now that ever was in production.</param>
public sealed record RollBack(string Who, string? Why = null, int? To = null);

/// <summary>A model's two files, laid down under <see cref="Domain.BlobLayout.Import"/>, become a version of the line. The same import again is the same version.</summary>
/// <param name="Import">Lower-case hexadecimal digits: the hash of what is imported.</param>
public sealed record ImportModel(string Import, string Who, string? Why = null, string Line = "main");
