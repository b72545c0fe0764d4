namespace VerSemi.Domain.Recipes;

/// <summary>
/// How a training that follows a champion treats the tasks that the champion knows (docs/decisions, "Growth modes"). A
/// line's first training is joint whatever the recipe says.
/// </summary>
public enum GrowthMode
{
    /// <summary>All tasks are trained on all datasets: old data is kept and seen again.</summary>
    Joint,

    /// <summary>
    /// Learning without Forgetting (Li, Hoiem 2016): only datasets that bring a new task are trained on; on their images
    /// and on unlabelled ones the answers to old prompts are held to those of the frozen champion.
    /// </summary>
    Distillation,

    /// <summary>Only the new tasks' prompt columns are trained. Old tasks answer bit for bit as the champion does.</summary>
    HeadOnly,
}
