"""LOSSES, OPTIMIZERS and METRICS, as the Train page lists them; names, classes and default learning rates are Keras's (https://keras.io/api).

Sources: stochastic gradient descent, Robbins and Monro 1951 (momentum: Polyak 1964); Adam and Adamax, Kingma and Ba 2015 (arXiv 1412.6980);
RMSprop, Hinton 2012 (Coursera, lecture 6e); AdamW, Loshchilov and Hutter 2019 (arXiv 1711.05101); Nadam, Dozat 2016; Adagrad, Duchi et al.
2011; Adadelta, Zeiler 2012 (arXiv 1212.5701); Lion, Chen et al. 2023 (arXiv 2302.06675); Huber loss, Huber 1964.
"""

from builder.errors import BuilderError

from .record import Option

CLASSES, VALUES = ("classification",), ("regression",)

LOSSES = (
    Option(
        name="sparse_categorical_crossentropy",
        title="Sparse categorical cross-entropy",
        keras="SparseCategoricalCrossentropy",
        logits=True,
        tasks=CLASSES,
        targets="index",
        probabilities=True,
        help="−log of the probability given to the right class; targets are class numbers. One unit per class, softmax.",
    ),
    Option(
        name="categorical_crossentropy",
        title="Categorical cross-entropy",
        keras="CategoricalCrossentropy",
        logits=True,
        tasks=CLASSES,
        targets="one_hot",
        probabilities=True,
        help="The same cross-entropy with one-hot targets: 1 for the right class, 0 for the others. One unit per class, softmax.",
    ),
    Option(
        name="binary_crossentropy",
        title="Binary cross-entropy",
        keras="BinaryCrossentropy",
        logits=True,
        tasks=CLASSES,
        probabilities=True,
        help="−log of the probability given to the right one of two answers. One unit with sigmoid for two classes.",
    ),
    Option(
        name="kl_divergence",
        title="Kullback-Leibler divergence",
        keras="KLDivergence",
        tasks=CLASSES,
        targets="one_hot",
        probabilities=True,
        help="How far the predicted distribution is from the true one, Σ t · log(t / p). One unit per class, softmax.",
    ),
    Option(
        name="categorical_hinge",
        title="Categorical hinge",
        keras="CategoricalHinge",
        tasks=CLASSES,
        targets="one_hot",
        help="Asks for the right class to lead the best wrong one by a margin of 1. One unit per class, no activation.",
    ),
    Option(
        name="mean_squared_error",
        title="Mean squared error",
        keras="MeanSquaredError",
        help="The mean of (target − prediction)²: large errors count most.",
    ),
    Option(
        name="mean_absolute_error",
        title="Mean absolute error",
        keras="MeanAbsoluteError",
        help="The mean of |target − prediction|: an outlier counts no more than its distance.",
    ),
    Option(
        name="huber",
        title="Huber",
        keras="Huber",
        tasks=VALUES,
        help="Squared for errors up to 1 and straight beyond: calm about outliers, smooth near zero.",
    ),
    Option(
        name="log_cosh",
        title="Log-cosh",
        keras="LogCosh",
        tasks=VALUES,
        help="log(cosh(prediction − target)): like Huber, and smooth everywhere.",
    ),
)

OPTIMIZERS = (
    Option(
        name="adam",
        title="Adam",
        keras="Adam",
        rate=0.001,
        help="A step of its own size for every weight, with momentum: a good first choice.",
    ),
    Option(name="sgd", title="SGD", keras="SGD", rate=0.01, help="Plain gradient descent on batches: weight − rate × gradient."),
    Option(
        name="rmsprop",
        title="RMSprop",
        keras="RMSprop",
        rate=0.001,
        help="Divides each step by the recent size of the gradient; often used for RNNs.",
    ),
    Option(name="adamw", title="AdamW", keras="AdamW", rate=0.001, help="Adam with weight decay: weights that nothing needs shrink."),
    Option(name="nadam", title="Nadam", keras="Nadam", rate=0.001, help="Adam that looks one step of momentum ahead."),
    Option(
        name="adamax",
        title="Adamax",
        keras="Adamax",
        rate=0.001,
        help="Adam that divides by the largest recent gradient: steadier with rare large ones.",
    ),
    Option(
        name="adagrad", title="Adagrad", keras="Adagrad", rate=0.001, help="Weights that have moved much move less: fit for rare features."
    ),
    Option(name="adadelta", title="Adadelta", keras="Adadelta", rate=0.001, help="Adagrad over a window of recent gradients."),
    Option(
        name="lion", title="Lion", keras="Lion", rate=0.001, help="Only the sign of the momentum counts: every weight moves by the rate."
    ),
)

METRICS = (
    Option(name="accuracy", title="Accuracy", keras="Accuracy", tasks=CLASSES, help="The share of samples whose class is right."),
    Option(
        name="precision",
        title="Precision",
        keras="Precision",
        tasks=CLASSES,
        probabilities=True,
        help="Of all that were called a class with more than 0.5, the share that is of that class.",
    ),
    Option(
        name="recall",
        title="Recall",
        keras="Recall",
        tasks=CLASSES,
        probabilities=True,
        help="Of all that are of a class, the share that was called so with more than 0.5.",
    ),
    Option(
        name="auc",
        title="Area under the ROC curve",
        keras="AUC",
        tasks=CLASSES,
        probabilities=True,
        help="How often a right answer is rated above a wrong one: 1 always, 0.5 by chance.",
    ),
    Option(
        name="top_k_categorical_accuracy",
        title="Top-5 accuracy",
        keras="TopKCategoricalAccuracy",
        tasks=CLASSES,
        probabilities=True,
        help="The share of samples whose class is among the five rated highest.",
    ),
    Option(
        name="mean_absolute_error",
        title="Mean absolute error",
        keras="MeanAbsoluteError",
        tasks=VALUES,
        help="The mean distance between prediction and target, in the target's units.",
    ),
    Option(
        name="mean_squared_error",
        title="Mean squared error",
        keras="MeanSquaredError",
        tasks=VALUES,
        help="The mean of (target − prediction)².",
    ),
    Option(
        name="root_mean_squared_error",
        title="Root mean squared error",
        keras="RootMeanSquaredError",
        tasks=VALUES,
        help="The root of the mean squared error, in the target's units.",
    ),
    Option(
        name="r2_score",
        title="R²",
        keras="R2Score",
        tasks=VALUES,
        help="The share of the targets' variance that is explained: 1 all, 0 no better than the mean.",
    ),
)


def option(options: tuple[Option, ...], name: str, what: str) -> Option:
    """The option of this name.

    Raises:
        BuilderError: there is none.
    """
    for each in options:
        if each.name == name:
            return each
    raise BuilderError(what, f"one of {', '.join(each.name for each in options)}", repr(name))
