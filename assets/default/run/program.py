"""digit_cnn: a network of 8 layers, as a Keras program."""

import keras
from keras import layers

inputs = keras.Input(shape=(28, 28, 1), name='input')
x = layers.Conv2D(filters=32, kernel_size=(3, 3), activation='relu', name='conv_1')(inputs)
x = layers.MaxPooling2D(pool_size=(2, 2), name='pool_1')(x)
x = layers.Conv2D(filters=64, kernel_size=(3, 3), activation='relu', name='conv_2')(x)
x = layers.MaxPooling2D(pool_size=(2, 2), name='pool_2')(x)
x = layers.Flatten(name='flatten')(x)
x = layers.Dense(units=128, activation='relu', name='dense')(x)
digits = layers.Dense(units=10, activation='softmax', name='digits')(x)

model = keras.Model(inputs, digits, name='digit_cnn')

if __name__ == "__main__":
    model.summary()
