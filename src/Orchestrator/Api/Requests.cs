using VerSemi.Domain.Recipes;
using VerSemi.Orchestrator.Access;

namespace VerSemi.Orchestrator.Api;

/// <summary>Who did it and why: kept in the timeline and the ledger.</summary>
public sealed record HumanAct(string Who, string? Why = null) : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <summary>As <see cref="HumanAct"/>, in the address of a request that has no body.</summary>
public sealed record HumanQuery(string? Who = null, string? Why = null) : IHumanRequest
{
    string IHumanRequest.Who => Who ?? "";
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <summary>Starts a cycle by hand on the datasets as they are now. The same data, recipe and seed again is the same cycle, not a second one.</summary>
/// <param name="Recipe">In place of the line's own.</param>
/// <param name="Seed">In place of the line's own.</param>
/// <param name="Seeds">Several: a candidate from each is trained, and the best on validation judged. In place of <paramref name="Seed"/>.</param>
public sealed record StartCycle(string Who, string? Why = null, string Line = "main", TrainingRecipe? Recipe = null, int? Seed = null, IReadOnlyList<int>? Seeds = null) : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <summary>Says that <paramref name="From"/> is only another name of <paramref name="Into"/>. Both are task ids.</summary>
public sealed record MergeTasks(string From, string Into, string Who, string? Why = null, string Line = "main") : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <param name="To">The model's version; null: the newest one before that of now that ever was in production.</param>
public sealed record RollBack(string Who, string? Why = null, int? To = null) : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <summary>A model's two files, laid down under <see cref="Domain.BlobLayout.Import"/>, become a version of the line. The same import again is the same version.</summary>
/// <param name="Import">Lower-case hexadecimal digits: the hash of what is imported.</param>
public sealed record ImportModel(string Import, string Who, string? Why = null, string Line = "main") : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <summary>A case, or all of a patient, must go: voxels are erased wherever the platform has them, and models that saw them are named.</summary>
/// <param name="Name">A case's or a patient's name, or dataset/case. What may be more than one thing is refused.</param>
/// <param name="Why">Required.</param>
/// <param name="Dataset">Where the case is, or the only dataset that the patient is withdrawn from.</param>
/// <param name="Patient">The name is a patient's.</param>
public sealed record Withdraw(string Name, string Who, string? Why, string? Dataset = null, bool Patient = false) : IHumanRequest
{
    IHumanRequest IHumanRequest.By(string who) => this with { Who = who };
}

/// <param name="DryRun">Says what would be deleted, and deletes nothing.</param>
public sealed record CollectGarbage(bool DryRun = false);
